"""Imports as those see them who asked for them, and as others do."""

from uuid import uuid4

import pytest

from tests.accounts import Account
from tests.api import Api
from tests.functions.content.importing import Importer, table
from tests.outbox import IMPORTS, Post
from tests.simultaneously import simultaneously


def test_the_same_request_again_is_one_import(ada: Account, post: Post) -> None:
    answers = [
        ada.api.post(
            "/posts/imports", [{"description": "Once"}], headers={"Idempotency-Key": "once"}
        )
        for _ in range(2)
    ]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    post.run(IMPORTS)
    assert ada.api.get("/posts").json["pagination"]["total"] == 1


def test_so_many_at_a_time_and_no_more(importer: Importer) -> None:
    first = importer.start(table(1))
    for _ in range(4):
        importer.start(table(1))
    answer = importer.hand_over(table(1))
    assert (answer.status, answer.codes) == (409, ["TOO_MANY_IMPORTS"])
    importer.api.post(f"/posts/imports/{first}/cancel")
    assert importer.hand_over(table(1)).status == 201


def test_so_many_also_of_those_that_start_at_the_same_moment(importer: Importer) -> None:
    answers = simultaneously([lambda: importer.hand_over(table(1))] * 8)
    assert sorted(answer.status for answer in answers) == [201] * 5 + [409] * 3


def test_imports_are_listed_the_newest_first(importer: Importer) -> None:
    older, newer = importer.start(table(1)), importer.start(table(1))
    importer.api.post(f"/posts/imports/{older}/cancel")
    page = importer.api.get("/posts/imports").json
    assert [each["id"] for each in page["data"]] == [newer, older]
    assert page["pagination"]["total"] == 2
    cancelled = importer.api.get("/posts/imports", status="cancelled").json["data"]
    assert [each["id"] for each in cancelled] == [older]
    assert importer.api.get("/posts/imports", status="lost").status == 400


def test_errors_come_in_pages(importer: Importer) -> None:
    job = importer.run("title,description\n" + "x,\n" * 12)
    path = f"/posts/imports/{job['id']}/errors"
    page = importer.api.get(path, limit=5, offset=10).json
    assert [each["row"] for each in page["data"]] == [12, 13]
    assert page["pagination"] == {"limit": 5, "offset": 10, "total": 12}


def test_another_organizations_imports_are_out_of_reach(importer: Importer, ben: Account) -> None:
    import_id = importer.start(table(1))
    path = f"/posts/imports/{import_id}"
    for answer in (
        ben.api.get(path),
        ben.api.get(f"{path}/errors"),
        ben.api.post(f"{path}/cancel"),
    ):
        assert (answer.status, answer.codes) == (403, ["IMPORT_ACCESS_DENIED"])
    assert ben.api.get("/posts/imports").json["data"] == []
    importer.post.run(IMPORTS)
    assert importer.counts(import_id) == ("done", 1, 1, 0)
    assert ben.api.get("/posts").json["data"] == []


@pytest.mark.parametrize("import_id", [uuid4(), "nothing"])
def test_an_unknown_import(ada: Account, import_id: object) -> None:
    path = f"/posts/imports/{import_id}"
    for answer in (
        ada.api.get(path),
        ada.api.get(f"{path}/errors"),
        ada.api.post(f"{path}/cancel"),
    ):
        assert (answer.status, answer.codes) == (404, ["IMPORT_NOT_FOUND"])


def test_a_key_for_one_channel_imports_for_that_channel(api: Api, ada: Account, post: Post) -> None:
    wish = {"name": "Import", "scopes": ["posts:read", "posts:write"], "channels": ["bluesky"]}
    key = ada.api.post("/api-keys", wish).json["data"]["key"]
    program = Importer(api.as_user(key), post)
    posts = [
        {"description": channel, "variants": [{"channel": channel, "content": "Tea"}]}
        for channel in ("bluesky", "mastodon")
    ]
    job = program.run(posts)
    assert (job["created"], job["failed"]) == (1, 1)
    told = [(2, "variants.0.channel", "CHANNEL_ACCESS_DENIED")]
    assert program.problems(job["id"]) == told
