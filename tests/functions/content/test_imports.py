"""Bulk imports through the front door: what is created, and what is told of the rest."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.accounts import Account
from tests.api import Api
from tests.functions.content.importing import Importer, events, kept_bodies, table
from tests.outbox import IMPORTS, Post

MENU = """\
post,title,description,tags,metadata,channel,content,tone,thread,variant_metadata
1,Menu,The asparagus is here,"spring;a\\;b","{""n"": 1}",mastodon,It is here!,cheerful,,
1,,,,,bluesky,Here it is,,"[{""content"": ""Yes"", ""delay_seconds"": 60}]","{""v"": 2}"
2,,Closed on Monday,,,,,,,
,,Open on Tuesday,,,mastodon,Open,,,
"""
MENU_IN_JSON = [
    {
        "title": "Menu",
        "description": "The asparagus is here",
        "tags": ["spring", "a;b"],
        "metadata": {"n": 1},
        "variants": [
            {"channel": "mastodon", "content": "It is here!", "tone": "cheerful"},
            {
                "channel": "bluesky",
                "content": "Here it is",
                "thread": [{"content": "Yes", "delay_seconds": 60}],
                "metadata": {"v": 2},
            },
        ],
    },
    {"description": "Closed on Monday", "title": None, "variants": []},
    {
        "description": "Open on Tuesday",
        "variants": [{"channel": "mastodon", "content": "Open"}],
    },
]


@pytest.mark.parametrize(
    "body",
    [
        MENU,
        MENU_IN_JSON,
        MENU.replace("\n", "\r\n"),
        MENU.encode("utf-8-sig"),
        MENU.encode("utf-16"),
        b"\xfe\xff" + MENU.encode("utf-16-be"),
        MENU.replace(",,,\n", ",,,\n,,,,,,,,,\n\n"),
        MENU.replace("post,title", " Post , TITLE"),
    ],
    ids=["csv", "json", "crlf", "utf-8-sig", "utf-16", "utf-16-be", "blank rows", "loose header"],
)
def test_what_is_handed_over_is_written(
    importer: Importer, ada: Account, body: str | bytes | list[Any]
) -> None:
    asked = importer.hand_over(body).json["data"]
    assert (asked["state"], asked["total"], asked["percent"]) == ("queued", 3, 0)
    assert importer.posts() == []
    importer.post.run(IMPORTS)

    job = importer.look(asked["id"])
    assert (job["state"], job["percent"], job["created"], job["failed"]) == ("done", 100, 3, 0)
    assert job["created_by"] == str(ada.user_id)
    assert job["ended_at"] >= job["started_at"] >= job["created_at"]
    by_words = {post["description"]: post for post in importer.posts()}
    assert len(by_words) == 3
    menu = by_words["The asparagus is here"]
    assert (menu["title"], menu["tags"], menu["metadata"]) == ("Menu", ["spring", "a;b"], {"n": 1})
    assert (menu["status"], menu["created_by"]) == ("draft", str(ada.user_id))
    bluesky, mastodon = menu["variants"]
    assert (bluesky["channel_id"], bluesky["content"]) == ("bluesky", "Here it is")
    assert bluesky["thread"] == [{"content": "Yes", "delay_seconds": 60}]
    assert (bluesky["metadata"], bluesky["source"]) == ({"v": 2}, "imported")
    assert (mastodon["tone"], mastodon["status"]) == ("cheerful", "draft")
    assert by_words["Closed on Monday"]["variants"] == []
    assert [each["content"] for each in by_words["Open on Tuesday"]["variants"]] == ["Open"]
    assert kept_bodies() == 0
    told = {"dry_run": False, "total": 3, "created": 3, "failed": 0}
    assert events()[1:] == [("POSTS_IMPORTED", told)]
    assert events()[0][0] == "POSTS_IMPORT_STARTED"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_spreadsheets_of_other_countries_are_read(importer: Importer, delimiter: str) -> None:
    body = 'title,description,tags\nA,"1, 2",x\n'.replace(",d", f"{delimiter}d")
    body = body.replace(",t", f"{delimiter}t").replace('A,"', f'A{delimiter}"')
    body = body.replace('",x', f'"{delimiter}x')
    assert importer.run(body)["created"] == 1
    (post,) = importer.posts()
    assert (post["description"], post["tags"]) == ("1, 2", ["x"])


def test_good_posts_are_created_and_all_that_is_wrong_with_the_others_is_told(
    importer: Importer,
) -> None:
    body = "\n".join(
        [
            "post,title,description,tags,metadata,channel,content,tone,thread",
            f"a,{'x' * 201},,{'y' * 51},[1],,,,",
            "b,,Good,,,,,,",
            f"c,,Fine,,,mastodon,{'z' * 501},{'t' * 51},",
            "c,,,,,nowhere,,,",
            "c,Other,,,,bluesky,Sky,,oops",
            "c,,,,,,,,",
            "d,,<script>x</script>,,,,,,",
            "e,,Good too,,,,,,,,more",
            'f,,Thread,,,mastodon,Good,,"[{""content"": "" ""}]"',
            "g,,Last,,,mastodon,,,",
        ]
    )
    job = importer.run(body)
    assert (job["state"], job["total"], job["created"], job["failed"]) == ("done", 7, 1, 6)
    assert importer.descriptions() == ["Good"]
    assert sorted(importer.problems(job["id"]), key=str) == sorted(
        [
            (2, "title", "VALIDATION_ERROR"),
            (2, "description", "DESCRIPTION_REQUIRED"),
            (2, "tags", "VALIDATION_ERROR"),
            (2, "metadata", "VALIDATION_ERROR"),
            (4, "content", "CONTENT_TOO_LONG"),
            (4, "tone", "VALIDATION_ERROR"),
            (5, "channel", "CHANNEL_NOT_FOUND"),
            (5, "content", "VARIANT_CONTENT_REQUIRED"),
            (6, "title", "POST_DIFFERS"),
            (6, "thread", "MALFORMED_JSON"),
            (7, None, "VARIANT_MISSING"),
            (8, "description", "DESCRIPTION_REQUIRED"),
            (9, None, "TOO_MANY_CELLS"),
            (10, "thread.0.content", "VARIANT_CONTENT_REQUIRED"),
            (11, "content", "VARIANT_CONTENT_REQUIRED"),
        ],
        key=str,
    )


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (7, (None, "VALIDATION_ERROR")),
        ({}, ("description", "DESCRIPTION_REQUIRED")),
        ({"description": 7}, ("description", "VALIDATION_ERROR")),
        ({"description": "x", "title": []}, ("title", "VALIDATION_ERROR")),
        ({"description": "x", "tags": "a"}, ("tags", "VALIDATION_ERROR")),
        ({"description": "x", "tags": [1]}, ("tags", "VALIDATION_ERROR")),
        ({"description": "x", "tags": ["a"] * 101}, ("tags", "VALIDATION_ERROR")),
        ({"description": "x", "metadata": []}, ("metadata", "VALIDATION_ERROR")),
        ({"description": "x", "metadata": {"a": float("nan")}}, ("metadata", "VALIDATION_ERROR")),
        ({"description": "x", "metadata": {"a\0": 1}}, ("metadata", "VALIDATION_ERROR")),
        ({"description": "a\0b"}, ("description", "VALIDATION_ERROR")),
        ({"description": "\ud800"}, ("description", "VALIDATION_ERROR")),
        ({"description": "x" * 50_001}, ("description", "VALIDATION_ERROR")),
        ({"description": "x", "colour\0\ud800": "red"}, (None, "UNKNOWN_FIELD")),
        ({"description": "x", "variants": {}}, ("variants", "VALIDATION_ERROR")),
        ({"description": "x", "variants": [7]}, ("variants.0", "VALIDATION_ERROR")),
        (
            {"description": "x", "variants": [{"channel": "mastodon", "content": " "}]},
            ("variants.0.content", "VARIANT_CONTENT_REQUIRED"),
        ),
        (
            {"description": "x", "variants": [{"channel": "a\0\ud800", "content": "x"}]},
            ("variants.0.channel", "CHANNEL_NOT_FOUND"),
        ),
        (
            {
                "description": "x",
                "variants": [{"channel": "mastodon", "content": "x", "thread": [{"text": "x"}]}],
            },
            ("variants.0.thread", "VALIDATION_ERROR"),
        ),
        (
            {
                "description": "x",
                "variants": [
                    {"channel": "mastodon", "content": "x", "thread": [{"content": "y" * 501}]}
                ],
            },
            ("variants.0.thread.0.content", "CONTENT_TOO_LONG"),
        ),
        (
            {"description": "x", "variants": [{"channel": "mastodon", "content": "x"}] * 101},
            (None, "TOO_MANY_VARIANTS"),
        ),
        (
            {
                "description": "x",
                "variants": [
                    {"channel": "mastodon", "content": "x", "metadata": {"a": "x" * 16_385}}
                ],
            },
            ("variants.0.metadata", "VALIDATION_ERROR"),
        ),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_post_that_is_none_is_told_by_its_place(
    importer: Importer, other: Any, told: tuple[str | None, str]
) -> None:
    job = importer.run([{"description": "Good"}, other])
    assert (job["state"], job["created"], job["failed"]) == ("done", 1, 1)
    assert told in [
        (column, code) for row, column, code in importer.problems(job["id"]) if row == 2
    ]
    assert importer.descriptions() == ["Good"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("", ["MISSING_COLUMN"]),
        ("description\n", ["IMPORT_EMPTY"]),
        ("description\n\n , \n", ["IMPORT_EMPTY"]),
        ("title\nx\n", ["MISSING_COLUMN"]),
        ("description,colour,colour\n", ["UNKNOWN_COLUMN", "DUPLICATE_COLUMN"]),
        ("title,title,a\0b\nx\n", ["UNKNOWN_COLUMN", "DUPLICATE_COLUMN", "MISSING_COLUMN"]),
        ('description\nfine\n"never closed\n', ["MALFORMED_CSV"]),
        ('description\n"a "quote" in it"\n', ["MALFORMED_CSV"]),
        (f'description\n"{"x" * 140_000}\n', ["MALFORMED_CSV"]),
        ("description\nKäse\n".encode("latin-1"), ["IMPORT_ENCODING"]),
        ("description\nx\n".encode("utf-32"), ["IMPORT_ENCODING"]),
        (b"\xff\xfed\x00\x00", ["IMPORT_ENCODING"]),
        (b"description\n\xed\xa0\x80\n", ["IMPORT_ENCODING"]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    importer: Importer, body: str | bytes, codes: list[str]
) -> None:
    answer = importer.hand_over(body)
    assert (answer.status, answer.codes) == (400, codes)
    assert importer.api.get("/posts/imports").json["data"] == []
    assert events() == []


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"", ["MALFORMED_JSON"]),
        (b"[{", ["MALFORMED_JSON"]),
        (b"[" * 100_000, ["MALFORMED_JSON"]),
        (b"[" + b"9" * 5_000 + b"]", ["MALFORMED_JSON"]),
        (b"7", ["VALIDATION_ERROR"]),
        (b'{"posts": {}}', ["VALIDATION_ERROR"]),
        (b"[]", ["IMPORT_EMPTY"]),
        (b'[{"description": "\xe4"}]', ["IMPORT_ENCODING"]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_json_that_is_no_list_of_posts_is_refused(
    ada: Account, body: bytes, codes: list[str]
) -> None:
    answer = ada.api.request("POST", "/posts/imports", content=body)
    assert (answer.status, answer.codes) == (400, codes)


@pytest.mark.parametrize("body", [table(100_000), "description\n" + "x" * 4_000_000])
def test_too_much_is_told_before_anything_is_kept(importer: Importer, body: str) -> None:
    answer = importer.hand_over(body)
    assert (answer.status, answer.codes) == (413, ["IMPORT_TOO_LARGE"])
    assert importer.api.get("/posts/imports").json["data"] == []


@pytest.mark.parametrize("said", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_only_the_two_formats_are_taken(ada: Account, said: str) -> None:
    sent = {"content-type": said}
    answer = ada.api.request("POST", "/posts/imports", content=b"description\nx", headers=sent)
    assert (answer.status, answer.codes) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


@pytest.mark.parametrize(
    ("charset", "status"), [("utf-8", 201), ("iso-8859-1", 400), ("klingon", 400)]
)
def test_a_charset_that_is_said_is_heeded(ada: Account, charset: str, status: int) -> None:
    sent = {"content-type": f"text/csv; charset={charset}"}
    answer = ada.api.request("POST", "/posts/imports", content=b"description\nx", headers=sent)
    assert answer.status == status


def test_a_dry_run_judges_everything_and_creates_nothing(importer: Importer) -> None:
    job = importer.run("description,title\nGood,\n,No\n", dry_run=True)
    counted = job["state"], job["total"], job["processed"], job["created"], job["failed"]
    assert counted == ("done", 2, 2, 0, 1)
    assert importer.problems(job["id"]) == [(3, "description", "DESCRIPTION_REQUIRED")]
    assert importer.posts() == []


def test_all_or_nothing(importer: Importer) -> None:
    bad = importer.run("description,title\nGood,\n,No\n", all_or_nothing=True)
    assert (bad["state"], bad["processed"], bad["created"], bad["failed"]) == ("done", 2, 0, 1)
    assert importer.posts() == []
    good = importer.run("description\nGood\nAlso\n", all_or_nothing=True)
    assert (good["state"], good["created"], good["failed"]) == ("done", 2, 0)
    assert importer.descriptions() == ["Also", "Good"]


def test_markup_is_cleaned_as_at_the_front_door(importer: Importer) -> None:
    importer.run([{"title": "<b>Tea</b>", "description": "<p onclick='x()'>5 < 6</p>"}])
    (post,) = importer.posts()
    assert (post["title"], post["description"]) == ("Tea", "<p>5 < 6</p>")


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


def test_imports_are_listed_the_newest_first(importer: Importer) -> None:
    older, newer = importer.start(table(1)), importer.start(table(1))
    importer.api.post(f"/posts/imports/{older}/cancel")
    page = importer.api.get("/posts/imports").json
    assert [each["id"] for each in page["data"]] == [newer, older]
    assert page["pagination"]["total"] == 2
    cancelled = importer.api.get("/posts/imports", state="cancelled").json["data"]
    assert [each["id"] for each in cancelled] == [older]
    assert importer.api.get("/posts/imports", state="lost").status == 400


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


def test_what_the_contract_gives_as_an_example_can_be_imported(
    importer: Importer, environment: dict[str, str]
) -> None:
    from functions.posts_handed_over import IN_WHICH_FORMATS

    content = IN_WHICH_FORMATS["content"]
    for body in (
        content["text/csv"]["example"],
        json.loads(json.dumps(content["application/json"]["schema"]["examples"][0])),
    ):
        job = importer.run(body)
        assert (job["state"], job["failed"]) == ("done", 0)
        assert job["created"] == job["total"]
