"""Versions: whoever says which one they have seen does not overwrite what came after it."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.content.api import posts, variants
from shared.infrastructure.database import transaction
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.author import Author, in_future
from tests.simulator.client import Simulator

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def author(ada: Account, simulator: Simulator) -> Author:
    return Author.of(ada)


@pytest.fixture
def written(author: Author) -> list[str]:
    """The paths of a post and of its variant."""
    post, variant = author.write()
    return [f"/posts/{post}", f"/variants/{variant}"]


def _etag(api: Api, path: str) -> str:
    return api.get(path).headers["etag"]


def _patch(api: Api, path: str, tag: str) -> ApiAnswer:
    body = {"metadata": {"by": tag}}
    return api.request("PATCH", path, json=body, headers={"if-match": tag})


def _refused(answer: ApiAnswer, version: int) -> bool:
    assert (answer.status, answer.codes) == (412, ["PRECONDITION_FAILED"])
    return bool(answer.json["errors"][0]["meta"] == {"version": version})


@pytest.mark.parametrize("which", [0, 1], ids=["post", "variant"])
def test_the_second_of_two_is_told(author: Author, written: list[str], which: int) -> None:
    path = written[which]
    seen = _etag(author.api, path)
    assert seen == '"1"'
    first = _patch(author.api, path, seen)
    assert (first.status, first.headers["etag"], first.json["data"]["version"]) == (200, '"2"', 2)
    assert _etag(author.api, path) == '"2"'
    assert _refused(_patch(author.api, path, seen), 2)
    removed = author.api.request("DELETE", path, headers={"if-match": seen})
    assert _refused(removed, 2)
    assert author.api.get(path).json["data"]["metadata"] == {"by": '"1"'}
    assert author.api.request("DELETE", path, headers={"if-match": '"2"'}).status == 204


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("*", 200),
        (" * ", 200),
        ('"1"', 200),
        ('"7", "1"', 200),
        ('"7","8"', 412),
        ('W/"1"', 412),
        ('"01"', 412),
        ('"abc"', 412),
        ('"99999999999999999999"', 412),
        ('""', 412),
        ("1", 400),
        ('"1', 400),
        ('"1" "2"', 400),
        ("*, *", 400),
    ],
)
def test_what_if_match_may_say(
    author: Author, written: list[str], header: str, status: int
) -> None:
    answer = _patch(author.api, written[0], header)
    assert answer.status == status, answer.content
    if status == 400:
        assert answer.json["errors"][0]["field"] == "If-Match"


def test_without_the_header_the_last_to_write_wins(author: Author, written: list[str]) -> None:
    for path in written:
        for _ in range(2):
            assert author.api.patch(path, {"metadata": {}}).status == 200
        assert _etag(author.api, path) == '"3"'


def test_others_do_not_learn_the_version(written: list[str], ben: Account) -> None:
    for path, code in zip(written, ("POST_ACCESS_DENIED", "VARIANT_ACCESS_DENIED"), strict=True):
        assert _patch(ben.api, path, '"7"').codes == [code]


def _statements(post: UUID, variant: UUID) -> dict[str, Callable[[], None]]:
    def promote() -> None:
        with transaction() as session:
            variants.promote_to_ready(session, variant, NOW)

    def publish() -> None:
        with transaction() as session:
            variants.record_published(session, [variant], NOW)

    def follow() -> None:
        with transaction() as session:
            posts.follow_schedules(session, [post], lambda _: {post: ["pending"]}, NOW)

    return {"promote": promote, "publish": publish, "follow": follow}


@pytest.mark.parametrize(("write", "which"), [("promote", 1), ("publish", 1), ("follow", 0)])
def test_what_others_write_is_another_version_too(
    author: Author, written: list[str], write: str, which: int
) -> None:
    """Also where the clock stands still: a version is counted, not dated."""
    post, variant = (UUID(path.rpartition("/")[2]) for path in written)
    author.api.patch(written[which], {"metadata": {}})
    seen = _etag(author.api, written[which])
    _statements(post, variant)[write]()
    assert _refused(_patch(author.api, written[which], seen), 3)


def test_to_see_scheduling_is_to_see_another_version(author: Author, written: list[str]) -> None:
    variant = written[1].rpartition("/")[2]
    author.schedule(variant, author.connect())
    assert [_etag(author.api, path) for path in written] == ['"2"', '"2"']


def test_force_deletes_the_version_that_was_seen(author: Author, written: list[str]) -> None:
    """To cancel its schedules changes the post, which is not held against whoever cancels."""
    variant = written[1].rpartition("/")[2]
    author.schedule(variant, author.connect())
    for path in reversed(written):
        stale = author.api.request(
            "DELETE", path, query={"force": True}, headers={"if-match": '"1"'}
        )
        assert _refused(stale, 2)
    seen = {"if-match": _etag(author.api, written[0])}
    assert (
        author.api.request("DELETE", written[0], query={"force": True}, headers=seen).status == 204
    )


def test_putting_away_and_back_is_held_to_the_version_that_was_seen(author: Author) -> None:
    post, _ = author.write()
    path = f"/posts/{post}"

    def act(action: str, tag: str) -> ApiAnswer:
        return author.api.request("POST", f"{path}/{action}", headers={"if-match": tag})

    assert _refused(act("archive", '"7"'), 1)
    assert act("archive", '"1"').headers["etag"] == '"2"'
    assert _refused(act("unarchive", '"1"'), 2)
    assert act("unarchive", '"2"').headers["etag"] == '"3"'
    assert author.api.delete(path).status == 204
    assert _refused(act("restore", '"3"'), 4)
    assert act("restore", '"4"').headers["etag"] == '"5"'


def test_force_archives_the_version_that_was_seen(author: Author, written: list[str]) -> None:
    author.schedule(written[1].rpartition("/")[2], author.connect())
    for tag, status in (('"1"', 412), (_etag(author.api, written[0]), 200)):
        answer = author.api.request(
            "POST", f"{written[0]}/archive", query={"force": True}, headers={"if-match": tag}
        )
        assert answer.status == status, answer.content


def test_every_answer_of_a_single_thing_tells_its_version(author: Author) -> None:
    post, _ = author.write()
    body = {"channel_id": "mastodon", "content": "Tea"}
    made = author.api.post(f"/posts/{post}/variants", body)
    variant = made.json["data"]["id"]
    ready = author.api.post(f"/variants/{variant}/mark-ready")
    assert [each.headers["etag"] for each in (made, ready)] == ['"1"', '"2"']
    wish = {
        "post_variant_id": variant,
        "channel_connection_id": author.connect(),
        "run_at": in_future(hours=1),
    }
    planned = author.api.post("/schedules", wish)
    cancelled = author.api.post(f"/schedules/{planned.json['data']['id']}/cancel")
    for answer in (planned, cancelled):
        assert answer.headers["etag"] == f'"{answer.json["data"]["version"]}"'
