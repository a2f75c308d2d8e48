"""What is put away, deleted, and brought back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import transaction
from tests.accounts import Account
from tests.api import ApiAnswer
from tests.author import Author, in_future
from tests.simulator.client import Simulator


@pytest.fixture
def author(ada: Account, simulator: Simulator) -> Author:
    return Author.of(ada)


@pytest.fixture
def scheduled(author: Author) -> tuple[str, str]:
    """A post and a schedule of it."""
    post, variant = author.write()
    return post, author.schedule(variant, author.connect())


def test_an_archived_post_is_not_changed_until_it_is_taken_out(author: Author) -> None:
    post, _ = author.write()
    path = f"/posts/{post}"
    archived = author.api.post(f"{path}/archive")
    assert (archived.status, archived.json["data"]["status"]) == (200, "archived")
    assert archived.headers["etag"] == '"2"'
    assert author.api.post(f"{path}/archive").json == archived.json, "once is enough"
    assert author.api.patch(path, {"title": "x"}).codes == ["CANNOT_UPDATE_PUBLISHED_POST"]
    assert author.api.get("/posts", status="archived").json["data"][0]["id"] == post
    taken_out = author.api.post(f"{path}/unarchive")
    assert (taken_out.status, taken_out.json["data"]["status"]) == (200, "draft")
    assert author.api.post(f"{path}/unarchive").json == taken_out.json
    assert author.api.patch(path, {"title": "x"}).status == 200


def test_nor_are_its_variants(author: Author) -> None:
    post, variant = author.write()
    author.api.post(f"/posts/{post}/archive")
    path, body = f"/variants/{variant}", {"channel_id": "bluesky", "content": "Tea"}

    def attempts() -> list[ApiAnswer]:
        return [
            author.api.post(f"/posts/{post}/variants", body),
            author.api.patch(path, {"content": "Tea"}),
            author.api.post(f"{path}/mark-ready"),
            author.api.delete(path),
        ]

    before = author.api.get(path).json
    assert [(each.status, each.codes) for each in attempts()] == [(409, ["POST_ARCHIVED"])] * 4
    assert author.api.get(path).json == before
    author.api.post(f"/posts/{post}/unarchive")
    assert [each.status for each in attempts()] == [201, 200, 200, 204]


def test_what_is_scheduled_is_archived_by_force_only(
    author: Author, scheduled: tuple[str, str]
) -> None:
    post, schedule = scheduled
    refused = author.api.post(f"/posts/{post}/archive")
    assert (refused.status, refused.codes) == (409, ["CANNOT_ARCHIVE_SCHEDULED_POST"])
    assert refused.json["errors"][0]["meta"] == {"active_schedules": 1}
    assert author.status(schedule) == "pending"
    forced = author.api.request("POST", f"/posts/{post}/archive", query={"force": True})
    assert forced.json["data"]["status"] == "archived"
    assert author.status(schedule) == "cancelled"
    taken_out = author.api.post(f"/posts/{post}/unarchive")
    assert taken_out.json["data"]["status"] == "cancelled", "it follows from its schedules"


def test_what_is_archived_is_not_scheduled(author: Author) -> None:
    post, variant = author.write()
    connection = author.connect()
    cancelled = author.schedule(variant, connection)
    author.api.request("POST", f"/posts/{post}/archive", query={"force": True})
    refused = author.try_to_schedule(variant, connection)
    assert (refused.status, refused.codes) == (409, ["POST_ARCHIVED"])
    shown = author.api.get(f"/posts/{post}", include_schedules=True).json["data"]
    assert [each["id"] for each in shown["schedules"]] == [cancelled]
    author.api.post(f"/posts/{post}/unarchive")
    assert author.try_to_schedule(variant, connection).status == 201


def test_no_series_begins_with_what_is_archived(author: Author) -> None:
    """Not even one of which nothing leaves before long: there is no schedule to refuse yet."""
    post, variant = author.write()
    body = {
        "post_variant_id": variant,
        "channel_connection_id": author.connect(),
        "rule": "FREQ=YEARLY",
        "starts_at": in_future(days=300),
    }
    author.api.post(f"/posts/{post}/archive")
    refused = author.api.post("/recurrences", body)
    assert (refused.status, refused.codes) == (409, ["POST_ARCHIVED"])
    author.api.post(f"/posts/{post}/unarchive")
    assert author.api.post("/recurrences", body).status == 201


def test_series_end_with_the_archive(author: Author) -> None:
    post, variant = author.write()
    series = author.api.post(
        "/recurrences",
        {
            "post_variant_id": variant,
            "channel_connection_id": author.connect(),
            "rule": "FREQ=YEARLY",
            "starts_at": in_future(days=300),
        },
    ).json["data"]["id"]
    assert author.api.post(f"/posts/{post}/archive").status == 200
    assert author.api.get(f"/recurrences/{series}").json["data"]["status"] == "ended"


def test_a_deleted_post_comes_back_with_what_went_with_it(author: Author) -> None:
    post, kept = author.write()
    body = {"channel_id": "mastodon", "content": "Gone before"}
    gone = author.api.post(f"/posts/{post}/variants", body).json["data"]["id"]
    author.api.delete(f"/variants/{gone}")
    before = author.api.get(f"/posts/{post}").json["data"]
    author.api.delete(f"/posts/{post}")
    (shown,) = author.api.get("/posts/deleted").json["data"]
    assert (shown["id"], shown["restorable_until"] > shown["deleted_at"]) == (post, True)
    restored = author.api.post(f"/posts/{post}/restore")
    assert restored.status == 200
    changed = {"updated_at": restored.json["data"]["updated_at"], "version": 3}
    assert restored.json["data"] == {**before, **changed}
    assert author.api.get("/posts/deleted").json["data"] == []
    variants = author.api.get(f"/posts/{post}/variants").json["data"]
    assert [variant["id"] for variant in variants] == [kept]
    assert author.api.post(f"/posts/{post}/restore").json == restored.json, "it is there already"


def test_what_was_cancelled_stays_cancelled(author: Author, scheduled: tuple[str, str]) -> None:
    post, schedule = scheduled
    author.api.delete(f"/posts/{post}", force=True)
    restored = author.api.post(f"/posts/{post}/restore").json["data"]
    assert restored["status"] == "cancelled"
    assert author.status(schedule) == "cancelled"


@pytest.mark.parametrize(("days", "is_there"), [(29, True), (31, False)])
def test_a_post_can_be_restored_for_thirty_days(
    author: Author, days: int, *, is_there: bool
) -> None:
    post, _ = author.write()
    author.api.delete(f"/posts/{post}")
    with transaction() as session:
        ago = {"ago": timedelta(days=days)}
        session.execute(text("UPDATE posts SET deleted_at = deleted_at - :ago"), ago)
    listed = author.api.get("/posts/deleted").json
    assert (listed["pagination"]["total"], bool(listed["data"])) == (int(is_there), is_there)
    answer = author.api.post(f"/posts/{post}/restore")
    assert answer.status == (200 if is_there else 409)
    if not is_there:
        assert answer.codes == ["POST_RESTORE_EXPIRED"]


def test_without_cascade_no_variants_go_along(author: Author) -> None:
    post, variant = author.write()
    refused = author.api.delete(f"/posts/{post}", cascade=False)
    assert (refused.status, refused.codes) == (409, ["POST_HAS_VARIANTS"])
    assert refused.json["errors"][0]["meta"] == {"variants": 1}
    author.api.delete(f"/variants/{variant}")
    assert author.api.delete(f"/posts/{post}", cascade=False).status == 204


def _every_way(author: Account, post: str) -> list[ApiAnswer]:
    words = ("archive", "unarchive", "restore", "duplicate")
    return [author.api.post(f"/posts/{post}/{word}") for word in words]


def test_another_organizations_posts_are_out_of_reach(author: Author, ben: Account) -> None:
    post, _ = author.write()
    for answer in _every_way(ben, post):
        assert (answer.status, answer.codes) == (403, ["POST_ACCESS_DENIED"])
    author.api.delete(f"/posts/{post}")
    assert ben.api.post(f"/posts/{post}/restore").codes == ["POST_ACCESS_DENIED"]
    assert ben.api.get("/posts/deleted").json["data"] == []


@pytest.mark.parametrize("post", [str(uuid4()), "abc", "%00"])
def test_unknown_ids_are_not_found(ada: Account, post: str) -> None:
    for answer in _every_way(ada, post):
        assert (answer.status, answer.codes) == (404, ["POST_NOT_FOUND"])
