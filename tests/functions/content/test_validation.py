"""Validation through the front door: what would become of a text, and nothing is stored."""

from typing import Any

import pytest
from sqlalchemy import func, select, text

from functions.content.validation import app
from shared.content.adapters.tables import post_variants, posts
from shared.infrastructure.database import engine, transaction
from tests.accounts import Account
from tests.author import Author, in_future
from tests.functions.content.validating import codes_of, validate, verdict_of, warnings_of
from tests.simulator.client import Simulator
from tests.unit.channels.texts import ENGLAND, FAMILY, FLAGS, HEBREW, KEYCAP

BUBBLE = "\u200b"


def test_what_can_be_sent_is_shown_as_it_would_be(ada: Account) -> None:
    verdict = verdict_of(
        ada,
        content="Tea https://example.org/a/very/long/way/to/the/menu",
        thread=[{"content": "Cake", "delay_seconds": 60}],
        settings={"visibility": "unlisted"},
    )
    assert verdict == {
        "channel_id": "mastodon",
        "channel": {"id": "mastodon", "key": "mastodon", "name": "Mastodon"},
        "valid": True,
        "errors": [],
        "warnings": [],
        "character_count": 27,
        "limit": 500,
        "account_limit": None,
        "counts": verdict["counts"],
        "parts": [
            {"field": "content", "character_count": 27, "limit": 500, "fits": True},
            {"field": "thread.0.content", "character_count": 4, "limit": 500, "fits": True},
        ],
        "media": [],
        "preview": [
            {
                "method": "POST",
                "path": "/api/v1/statuses",
                "body": {
                    "status": "Tea https://example.org/a/very/long/way/to/the/menu",
                    "visibility": "unlisted",
                },
            },
            {
                "method": "POST",
                "path": "/api/v1/statuses",
                "body": {
                    "status": "Cake",
                    "visibility": "unlisted",
                    "in_reply_to_id": "<part 1>",
                },
            },
        ],
    }


def test_the_example_can_be_sent_as_it_is(ada: Account) -> None:
    contract = app.openapi()
    example = contract["components"]["schemas"]["ValidatePost"]["examples"][0]
    answer = ada.api.post("/posts/validate", example)
    assert answer.status == 200
    assert answer.json["data"]["valid"]
    assert [each["channel_id"] for each in answer.json["data"]["variants"]] == [
        "mastodon",
        "bluesky",
    ]


@pytest.mark.parametrize(
    ("channel", "content", "count", "problems", "doubts"),
    [
        ("mastodon", "x" * 500, 500, [], []),
        ("mastodon", "x" * 501, 501, ["CONTENT_TOO_LONG"], []),
        ("mastodon", "https://example.org/" + "x" * 600, 23, [], []),
        ("mastodon", "@ada@example.social", 4, [], []),
        ("mastodon", FAMILY * 500, 500, [], []),
        ("mastodon", FAMILY * 501, 501, ["CONTENT_TOO_LONG"], []),
        ("mastodon", FLAGS + ENGLAND + KEYCAP, 4, [], []),
        ("mastodon", HEBREW, 4, [], []),
        ("mastodon", f"\u202e{HEBREW}\u202c", None, [], []),
        ("mastodon", "e\u0301" * 500, 500, [], []),
        ("mastodon", "", 0, ["VARIANT_CONTENT_REQUIRED"], []),
        ("mastodon", " \n\t\u00a0\u3000", 0, ["VARIANT_CONTENT_REQUIRED"], []),
        ("mastodon", BUBBLE, None, [], []),
        ("mastodon", "a\x07b", 3, [], ["CONTROL_CHARACTERS"]),
        ("mastodon", "a\0b", 3, ["VALIDATION_ERROR"], ["CONTROL_CHARACTERS"]),
        ("bluesky", "x" * 300, 300, [], []),
        ("bluesky", "x" * 301, 301, ["CONTENT_TOO_LONG"], []),
        ("bluesky", "https://example.org/" + "x" * 281, 301, ["CONTENT_TOO_LONG"], []),
        ("bluesky", "@ada.example.social", 19, [], []),
        ("bluesky", FAMILY * 120, 120, [], []),
        ("bluesky", FAMILY * 121, 303, ["CONTENT_TOO_LONG"], []),
        ("bluesky", FLAGS + ENGLAND + KEYCAP, 4, [], []),
        ("bluesky", HEBREW, 4, [], []),
        ("bluesky", "", 0, ["VARIANT_CONTENT_REQUIRED"], []),
        ("bluesky", "\r\n ", None, ["VARIANT_CONTENT_REQUIRED"], []),
        ("bluesky", "a\x1bb", 3, [], ["CONTROL_CHARACTERS"]),
        ("bluesky", "a\0b", 3, ["VALIDATION_ERROR"], ["CONTROL_CHARACTERS"]),
    ],
)
def test_each_network_counts_in_its_own_way(
    ada: Account,
    channel: str,
    content: str,
    count: int | None,
    problems: list[str],
    doubts: list[str],
) -> None:
    verdict = verdict_of(ada, channel_id=channel, content=content)
    assert [error["error_code"] for error in verdict["errors"]] == problems
    assert verdict["valid"] == (not problems)
    assert count is None or verdict["character_count"] == count
    assert warnings_of(verdict) == doubts


def test_validating_and_writing_agree(ada: Account) -> None:
    post = ada.api.post("/posts", {"description": "Tea"}).json["data"]["id"]
    for content in ("", "  ", "x" * 500, "x" * 501, "a\0b", FAMILY):
        verdict = verdict_of(ada, content=content)
        body = {"channel_id": "mastodon", "content": content}
        answer = ada.api.post(f"/posts/{post}/variants", body)
        assert (answer.status == 201) == verdict["valid"]
        assert answer.status == 201 or set(answer.codes) == {
            error["error_code"] for error in verdict["errors"]
        }


def test_all_that_is_wrong_is_told_at_once(ada: Account) -> None:
    verdict = verdict_of(
        ada,
        content="x" * 501,
        thread=[{"content": " "}, {"content": "y" * 502}, {"content": "z", "delay_seconds": -1}],
        media={"images": [{"url": "https://example.org/1.png"}, {}], "video": {}},
        settings={"visibility": "secret", "colour": "red"},
    )
    assert not verdict["valid"]
    assert codes_of(verdict) == [
        ("VARIANT_CONTENT_REQUIRED", "thread.0.content"),
        ("VALIDATION_ERROR", "thread.2.delay_seconds"),
        ("CONTENT_TOO_LONG", "content"),
        ("CONTENT_TOO_LONG", "thread.1.content"),
        ("INVALID_SETTING", "settings.colour"),
        ("INVALID_SETTING", "settings.visibility"),
        ("MEDIA_NOT_SUPPORTED", "media.images"),
        ("MEDIA_NOT_SUPPORTED", "media.video"),
    ]
    assert verdict["errors"][3]["meta"] == {
        "count": 502,
        "limit": 500,
        "channel": "mastodon",
        "counts": verdict["counts"],
        "part": 2,
    }
    assert [part["fits"] for part in verdict["parts"]] == [False, True, False, True]
    assert verdict["media"] == []
    assert verdict["preview"] == []


def test_a_content_warning_uses_up_the_length(ada: Account) -> None:
    verdict = verdict_of(ada, content="x" * 495, settings={"spoiler_text": "Cake!!"})
    assert (verdict["character_count"], codes_of(verdict)) == (
        501,
        [("CONTENT_TOO_LONG", "content")],
    )


def _tags(number: int) -> str:
    return " ".join(f"#word{each}" for each in range(number))


def _links(number: int) -> str:
    return " ".join(f"https://example.org/{each}" for each in range(number))


@pytest.mark.parametrize(
    ("channel", "written", "wrong"),
    [
        ("instagram", {"content": _tags(30)}, []),
        ("instagram", {"content": _tags(31)}, [("TOO_MANY_HASHTAGS", "content")]),
        ("instagram", {"content": "@ada " * 21}, [("TOO_MANY_MENTIONS", "content")]),
        (
            "instagram",
            {"content": "Tea", "thread": [{"content": _tags(5)}, {"content": _links(2)}]},
            [
                ("TOO_MANY_HASHTAGS", "thread.0.content"),
                ("TOO_MANY_LINKS", "thread.1.content"),
            ],
        ),
        ("threads", {"content": f"{_links(5)} {_links(5)}"}, []),
        ("threads", {"content": _links(6)}, [("TOO_MANY_LINKS", "content")]),
        (
            "threads",
            {"content": _links(5), "settings": {"link_attachment": "https://example.org/card"}},
            [("TOO_MANY_LINKS", "content")],
        ),
        ("reddit", {"content": "Tea", "thread": [{"content": "x" * 10_000}]}, []),
        (
            "reddit",
            {"content": "Tea", "thread": [{"content": "x" * 10_001}]},
            [("CONTENT_TOO_LONG", "thread.0.content")],
        ),
        (
            "reddit",
            {
                "content": "Tea",
                "settings": {"subreddit": [{"subreddit": "tea", "is_flair_required": True}]},
            },
            [("INVALID_SETTING", "settings.subreddit.0")],
        ),
        (
            "linkedin",
            {"content": "Tea", "thread": [{"content": "x" * 1251}]},
            [("CONTENT_TOO_LONG", "thread.0.content")],
        ),
    ],
)
def test_a_network_judges_more_than_the_length(
    ada: Account, channel: str, written: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    verdict = verdict_of(ada, channel_id=channel, **written)
    media = ("MEDIA_REQUIRED", "media")
    assert [told for told in codes_of(verdict) if told != media] == wrong


@pytest.mark.parametrize(
    ("description", "codes"),
    [
        ("Tea", []),
        (None, []),
        (" ", ["DESCRIPTION_REQUIRED"]),
        ("a\0", ["VALIDATION_ERROR"]),
        ("x" * 50_001, ["VALIDATION_ERROR"]),
    ],
    ids=["plain", "none", "blank", "NUL", "long"],
)
def test_the_post_is_judged_beside_its_variants(
    ada: Account, description: str | None, codes: list[str]
) -> None:
    answer = validate(ada, {"channel_id": "mastodon", "content": "Tea"}, description=description)
    assert answer.status == 200
    data = answer.json["data"]
    assert [error["error_code"] for error in data["errors"]] == codes
    assert (data["valid"], data["variants"][0]["valid"]) == (not codes, True)


def test_nothing_is_stored(ada: Account) -> None:
    verdict_of(ada)
    with transaction() as session:
        for table in (posts, post_variants):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_variant_is_judged_as_it_is_stored(ada: Account) -> None:
    _, variant = Author.of(ada).write("Tea", thread=[("Cake", 60)])
    before = ada.api.get(f"/variants/{variant}").json
    answer = ada.api.post(f"/variants/{variant}/validate")
    assert answer.status == 200
    verdict = answer.json["data"]
    assert (verdict["valid"], verdict["channel_id"]) == (True, "mastodon")
    assert [each["body"]["status"] for each in verdict["preview"]] == ["Tea", "Cake"]
    assert ada.api.get(f"/variants/{variant}").json == before


def test_an_accounts_own_limit_counts(ada: Account, simulator: Simulator) -> None:
    author = Author.of(ada)
    connection = author.connect()
    with engine().begin() as database:
        database.execute(text("""UPDATE channel_connections SET limits = '{"max_length": 99}'"""))
    _, variant = author.write("x" * 100)
    for verdict in (
        verdict_of(ada, content="x" * 100, channel_connection_id=connection),
        ada.api.post(f"/variants/{variant}/validate", {"channel_connection_id": connection}).json[
            "data"
        ],
    ):
        assert (verdict["limit"], verdict["account_limit"]) == (99, 99)
        assert codes_of(verdict) == [("CONTENT_TOO_LONG", "content")]
    assert author.try_to_schedule(variant, connection).codes == ["CONTENT_TOO_LONG"]


@pytest.mark.parametrize("content", ["a\0b", " "])
@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_what_cannot_be_stored_is_judged_all_the_same(
    ada: Account, simulator: Simulator, channel: str, content: str
) -> None:
    connection = Author.of(ada).connect(channel)
    for part in ({"content": content}, {"thread": [{"content": content}]}):
        verdict = verdict_of(ada, channel_id=channel, channel_connection_id=connection, **part)
        [error] = verdict["errors"]
        assert error["error_code"] in {"VALIDATION_ERROR", "VARIANT_CONTENT_REQUIRED"}
        assert verdict["preview"] == []


def test_a_connection_must_suit(ada: Account, simulator: Simulator) -> None:
    author = Author.of(ada)
    bluesky, mastodon = author.connect("bluesky"), author.connect()
    verdict = verdict_of(ada, channel_connection_id=bluesky)
    assert codes_of(verdict) == [("INCOMPATIBLE_CHANNEL", "channel_connection_id")]
    with engine().begin() as database:
        database.execute(text("UPDATE channel_connections SET status = 'error'"))
    verdict = verdict_of(ada, channel_connection_id=mastodon)
    assert codes_of(verdict) == [("CONNECTION_INACTIVE", "channel_connection_id")]


def test_what_is_planned_on_a_connection_is_pointed_out(ada: Account, simulator: Simulator) -> None:
    author = Author.of(ada)
    connection, other = author.connect(), author.connect()
    _, variant = author.write("Tea")
    author.schedule(variant, connection, run_at=in_future(seconds=30))
    assert warnings_of(verdict_of(ada, channel_connection_id=connection)) == [
        "DUPLICATE_CONTENT",
        "SCHEDULES_CLOSE_TOGETHER",
    ]
    assert warnings_of(verdict_of(ada, content="Cake", channel_connection_id=connection)) == [
        "SCHEDULES_CLOSE_TOGETHER"
    ]
    assert warnings_of(verdict_of(ada, channel_connection_id=other)) == []
    assert warnings_of(verdict_of(ada)) == []
    answer = ada.api.post(f"/variants/{variant}/validate", {"channel_connection_id": connection})
    assert warnings_of(answer.json["data"]) == ["DUPLICATE_CONTENT", "SCHEDULES_CLOSE_TOGETHER"]
