"""Members who reach only what they have made: many things at once, and things along the way."""

import pytest

from tests.accounts import Account
from tests.api import Api
from tests.author import Author
from tests.functions.publishing.slots import EVENING, add, preview, queue
from tests.members import member

MORNING = {"weekday": "monday", "time": "09:00", "timezone": "UTC"}


@pytest.fixture
def user(api: Api, chief: Account, author: Author) -> Author:
    """A member with the role `user`: writes and schedules, but only their own."""
    organization = author.api.get("/auth/me").json["organization"]["id"]
    return Author(member(api, chief, organization, "user"))


def ready(author: Author, variant: str) -> None:
    assert author.api.post(f"/variants/{variant}/mark-ready").status == 200


def narrowed(api: Api, author: Author, *scopes: str) -> Author:
    """The same person by a key that reaches less."""
    made = author.api.post("/api-keys", {"name": "Narrow", "scopes": list(scopes)})
    assert made.status == 201, made.content
    return Author(api.as_user(made.json["data"]["key"]))


def test_somebody_elses_variant_may_be_scheduled_and_the_schedule_is_ones_own(
    author: Author, user: Author
) -> None:
    _, variant = author.write()
    ready(author, variant)
    schedule = user.schedule(variant, author.connect())
    assert user.api.post(f"/schedules/{schedule}/cancel").status == 200


def test_somebody_elses_draft_is_released_by_nobody_who_could_not_change_it(
    api: Api, author: Author, user: Author
) -> None:
    _, variant = author.write()
    connection = author.connect()
    add(author, connection)
    scheduler = narrowed(api, author, "schedules:write")
    for person, code in ((user, "VARIANT_ACCESS_DENIED"), (scheduler, "FORBIDDEN")):
        for answer in (
            person.try_to_schedule(variant, connection),
            queue(person, connection, variant),
            person.api.post(
                "/recurrences",
                {
                    "post_variant_id": variant,
                    "channel_connection_id": connection,
                    "rule": "FREQ=DAILY;COUNT=3",
                    "starts_at": "2027-01-01T09:00:00",
                },
            ),
        ):
            assert (answer.status, answer.codes) == (403, [code])
    assert author.api.get(f"/variants/{variant}").json["data"]["status"] == "draft"
    own = user.write()[1]
    assert user.try_to_schedule(own, connection).status == 201
    ready(author, variant)
    assert scheduler.try_to_schedule(variant, connection).status == 201


def test_deleting_by_force_cancels_what_one_could_cancel_by_itself(
    api: Api, author: Author, user: Author
) -> None:
    post, variant = user.write()
    connection = author.connect()
    own, theirs = user.schedule(variant, connection), author.schedule(variant, connection)
    for path in (f"/posts/{post}", f"/variants/{variant}"):
        answer = user.api.delete(path, force="true")
        assert (answer.status, answer.codes) == (403, ["SCHEDULE_ACCESS_DENIED"])
    deleter = narrowed(api, author, "posts:delete", "channels:disconnect")
    for path, flag in (
        (f"/posts/{post}", "force"),
        (f"/variants/{variant}", "force"),
        (f"/channels/connections/{connection}", "cancel_schedules"),
    ):
        answer = deleter.api.delete(path, **{flag: "true"})
        assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])
    assert (user.status(own), author.status(theirs)) == ("pending", "pending")
    assert author.api.post(f"/schedules/{theirs}/cancel").status == 200
    assert user.api.delete(f"/posts/{post}", force="true").status == 204


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


def test_the_next_slot_is_one_of_ones_own(api: Api, author: Author, user: Author) -> None:
    connection = author.connect()
    add(author, connection)
    reader = narrowed(api, user, "schedules:read:own")
    none = reader.api.get("/slots/next", channel_connection_id=connection)
    assert (none.status, none.codes) == (409, ["NO_SLOTS"])
    later = add(user, connection, time="18:01").json["data"]["id"]
    found = reader.api.get("/slots/next", channel_connection_id=connection)
    assert found.json["data"]["slot_id"] == later
    queue(user, connection)
    queue(user, connection)
    after = reader.api.get("/slots/next", channel_connection_id=connection).json["data"]
    assert (after["slot_id"], after["run_at"] > found.json["data"]["run_at"]) == (later, True)
    assert user.api.get("/slots/next", channel_connection_id=connection).status == 200


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
