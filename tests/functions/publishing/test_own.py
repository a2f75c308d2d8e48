"""Members who reach only what they have made: many things at once, and things along the way."""

import pytest

from tests.accounts import Account
from tests.api import Api
from tests.author import Author
from tests.functions.publishing.slots import EVENING, add, preview
from tests.members import member

MORNING = {"weekday": "monday", "time": "09:00", "timezone": "UTC"}


@pytest.fixture
def user(api: Api, chief: Account, author: Author) -> Author:
    """A member with the role `user`: writes and schedules, but only their own."""
    organization = author.api.get("/auth/me").json["organization"]["id"]
    return Author(member(api, chief, organization, "user"))


def narrowed(api: Api, author: Author, *scopes: str) -> Author:
    """The same person by a key that reaches less."""
    made = author.api.post("/api-keys", {"name": "Narrow", "scopes": list(scopes)})
    assert made.status == 201, made.content
    return Author(api.as_user(made.json["data"]["key"]))


def test_somebody_elses_variant_may_be_scheduled_and_the_schedule_is_ones_own(
    author: Author, user: Author
) -> None:
    _, variant = author.write()
    schedule = user.schedule(variant, author.connect())
    assert user.api.post(f"/schedules/{schedule}/cancel").status == 200


def test_a_variant_on_somebody_elses_post_is_whoevers_wrote_it(
    api: Api, author: Author, user: Author
) -> None:
    post, variant = author.write()
    body = {"channel_id": "mastodon", "content": "Tea"}
    refused = user.api.post(f"/posts/{post}/variants", body)
    assert (refused.status, refused.codes) == (403, ["POST_ACCESS_DENIED"])
    assert user.api.patch(f"/variants/{variant}", {"content": "Tea"}).codes == [
        "VARIANT_ACCESS_DENIED"
    ]
    assert author.api.patch(f"/variants/{variant}", {"content": "Tea"}).status == 200


def test_of_many_each_is_judged_for_itself(author: Author, user: Author) -> None:
    theirs = author.scheduled()
    _, variant = user.write()
    own = user.schedule(variant, author.connect())
    answer = user.api.post("/schedules/bulk-cancel", {"schedule_ids": [theirs, own]})
    assert answer.status == 200, answer.content
    assert (author.status(theirs), author.status(own)) == ("pending", "cancelled")
    errors = answer.json["data"]["errors"]
    assert [(error["schedule_id"], error["error_code"]) for error in errors] == [
        (theirs, "SCHEDULE_ACCESS_DENIED")
    ]


def test_slots_of_others_are_not_replaced(author: Author, user: Author) -> None:
    connection = author.connect()
    theirs = add(author, connection).json["data"]["id"]
    body = {"channel_connection_id": connection, "slots": [MORNING]}
    refused = user.api.request("PUT", "/slots", json=body)
    assert (refused.status, refused.codes) == (403, ["SLOT_ACCESS_DENIED"])
    kept = author.api.get("/slots", channel_connection_id=connection).json["data"]
    assert [slot["id"] for slot in kept] == [theirs]
    with_theirs = {**body, "slots": [MORNING, EVENING]}
    assert user.api.request("PUT", "/slots", json=with_theirs).status == 200


def test_what_comes_is_of_ones_own_slots(api: Api, author: Author, user: Author) -> None:
    connection = author.connect()
    add(author, connection)
    noon = add(user, connection, time="12:00").json["data"]["id"]
    reader = narrowed(api, user, "schedules:read:own")
    assert len({coming["slot_id"] for coming in preview(user, connection, count=4)}) == 2
    assert {coming["slot_id"] for coming in preview(reader, connection, count=4)} == {noon}


def test_what_became_of_a_post_is_of_ones_own_schedules(
    api: Api, author: Author, user: Author
) -> None:
    post, variant = author.write()
    connection = author.connect()
    for person in (author, user):
        person.schedule(variant, connection)
    reader = narrowed(api, user, "schedules:read:own")
    path = f"/posts/{post}/publish-events"
    assert user.api.get(path).json["summary"]["total_publishes"] == 2
    assert reader.api.get(path).json["summary"]["total_publishes"] == 1
