"""Validation through the front door: what would become of a text, and nothing is stored."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from functions.content.validation import app
from shared.content.adapters.tables import post_variants, posts
from shared.infrastructure.database import engine, transaction
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.author import Author, in_future
from tests.simulator.client import Simulator
from tests.unit.channels.texts import ENGLAND, FAMILY, FLAGS, HEBREW, KEYCAP

BUBBLE = "\u200b"


def _validate(account: Account, *variants: dict[str, Any], **more: Any) -> ApiAnswer:
    return account.api.post("/posts/validate", {"variants": list(variants), **more})


def _verdict(account: Account, **variant: Any) -> Any:
    answer = _validate(account, {"channel_id": "mastodon", "content": "Tea", **variant})
    assert answer.status == 200, answer.content
    [verdict] = answer.json["data"]["variants"]
    assert answer.json["data"]["valid"] == verdict["valid"]
    return verdict


def _codes(verdict: Any) -> list[tuple[str, str]]:
    return [(error["error_code"], error["field"]) for error in verdict["errors"]]


def _warned(verdict: Any) -> list[str]:
    return [warning["code"] for warning in verdict["warnings"]]


def test_what_can_be_sent_is_shown_as_it_would_be(ada: Account) -> None:
    verdict = _verdict(
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
    verdict = _verdict(ada, channel_id=channel, content=content)
    assert [error["error_code"] for error in verdict["errors"]] == problems
    assert verdict["valid"] == (not problems)
    assert count is None or verdict["character_count"] == count
    assert _warned(verdict) == doubts


def test_validating_and_writing_agree(ada: Account) -> None:
    post = ada.api.post("/posts", {"description": "Tea"}).json["data"]["id"]
    for content in ("", "  ", "x" * 500, "x" * 501, "a\0b", FAMILY):
        verdict = _verdict(ada, content=content)
        body = {"channel_id": "mastodon", "content": content}
        answer = ada.api.post(f"/posts/{post}/variants", body)
        assert (answer.status == 201) == verdict["valid"]
        assert answer.status == 201 or set(answer.codes) == {
            error["error_code"] for error in verdict["errors"]
        }


def test_all_that_is_wrong_is_told_at_once(ada: Account) -> None:
    verdict = _verdict(
        ada,
        content="x" * 501,
        thread=[{"content": " "}, {"content": "y" * 502}, {"content": "z", "delay_seconds": -1}],
        media={"images": [{"url": "https://example.org/1.png"}, {}], "video": {}},
        settings={"visibility": "secret", "colour": "red"},
    )
    assert not verdict["valid"]
    assert _codes(verdict) == [
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


@pytest.mark.parametrize(
    ("wrong", "more"),
    [
        ({"media": {"images": [0] * 5_000}}, None),
        ({"media": {f"m{place}": 0 for place in range(1_000)}}, 981),
        ({"media": {"items": [{"media_id": str(uuid4())}] * 50}}, 31),
        ({"media": {"items": [0] * 5_000}}, None),
        ({"settings": {f"s{place}": 0 for place in range(1_000)}}, 981),
        ({"thread": [{"content": "x" * 501}] * 24}, 5),
    ],
    ids=["items", "kinds", "files", "no files", "settings", "parts"],
)
def test_a_few_kilobytes_do_not_make_megabytes_of_problems(
    ada: Account, wrong: dict[str, Any], more: int | None
) -> None:
    verdict = _verdict(ada, **wrong)
    assert len(verdict["errors"]) == (20 if more else 1)
    last = verdict["errors"][-1]
    assert (last["error_code"] == "MORE_PROBLEMS", (last["meta"] or {}).get("more")) == (
        more is not None,
        more,
    )
    assert len(verdict["media"]) <= 20


def test_writing_tells_no_more_than_validating(ada: Account) -> None:
    post = ada.api.post("/posts", {"description": "Tea"}).json["data"]["id"]
    body = {**TEA, "settings": {f"s{place}": 0 for place in range(1_000)}}
    answer = ada.api.post(f"/posts/{post}/variants", body)
    assert (answer.status, len(answer.codes), answer.codes[-1]) == (400, 20, "MORE_PROBLEMS")


def test_a_content_warning_uses_up_the_length(ada: Account) -> None:
    verdict = _verdict(ada, content="x" * 495, settings={"spoiler_text": "Cake!!"})
    assert (verdict["character_count"], _codes(verdict)) == (
        501,
        [("CONTENT_TOO_LONG", "content")],
    )


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
    answer = _validate(ada, {"channel_id": "mastodon", "content": "Tea"}, description=description)
    assert answer.status == 200
    data = answer.json["data"]
    assert [error["error_code"] for error in data["errors"]] == codes
    assert (data["valid"], data["variants"][0]["valid"]) == (not codes, True)


TEA = {"channel_id": "mastodon", "content": "Tea"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"variants": []},
        {"variants": [TEA] * 51},
        {"variants": [{"content": "Tea"}]},
        {"variants": [{**TEA, "content": 5}]},
        {"variants": [{**TEA, "thread": [TEA] * 101}]},
        {"variants": [{**TEA, "thread": ["Cake"]}]},
        {"variants": [{**TEA, "thread": [{"content": "Cake", "delay_seconds": "1"}]}]},
        {"variants": [{**TEA, "media": []}]},
        {"variants": [{**TEA, "settings": []}]},
        {"variants": [{**TEA, "settings": {"spoiler_text": "\0"}}]},
        {"variants": [{**TEA, "settings": {"language": "x" * 17_000}}]},
        {"variants": [{**TEA, "content": "x" * 50_001}]},
        {"variants": [{**TEA, "thread": [{"content": "x" * 50_001}]}]},
        {"variants": "Tea"},
        {"variants": [TEA], "description": 5},
        {"variants": [{**TEA, "channel_connection_id": "abc"}]},
    ],
    ids=lambda body: repr(body)[:60],
)
def test_a_malformed_request_is_refused(ada: Account, body: dict[str, Any]) -> None:
    answer = ada.api.post("/posts/validate", body)
    assert answer.status == 400, answer.content
    assert set(answer.codes) == {"VALIDATION_ERROR"}


@pytest.mark.parametrize(("last", "status"), [("x" * 50_000, 200), ("x" * 50_000 + "y", 413)])
def test_all_texts_together_are_bounded(ada: Account, last: str, status: int) -> None:
    half = "x" * 25_000
    full = {**TEA, "content": half, "thread": [{"content": half}]}
    answer = _validate(
        ada, *[full] * 9, {**TEA, "content": last[:50_000]}, description=last[50_000:] or None
    )
    assert answer.status == status
    if status == 413:
        assert answer.codes == ["DRAFTS_TOO_LARGE"]
        assert answer.json["errors"][0]["meta"] == {"limit": 500_000, "count": 500_001}


def test_an_unknown_network_is_not_found(ada: Account) -> None:
    answer = _validate(ada, {"channel_id": "myspace", "content": "Tea"})
    assert (answer.status, answer.codes) == (404, ["CHANNEL_NOT_FOUND"])


def test_nothing_is_stored(ada: Account) -> None:
    _verdict(ada)
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
        _verdict(ada, content="x" * 100, channel_connection_id=connection),
        ada.api.post(f"/variants/{variant}/validate", {"channel_connection_id": connection}).json[
            "data"
        ],
    ):
        assert (verdict["limit"], verdict["account_limit"]) == (99, 99)
        assert _codes(verdict) == [("CONTENT_TOO_LONG", "content")]
    assert author.try_to_schedule(variant, connection).codes == ["CONTENT_TOO_LONG"]


@pytest.mark.parametrize("content", ["a\0b", " "])
@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_what_cannot_be_stored_is_judged_all_the_same(
    ada: Account, simulator: Simulator, channel: str, content: str
) -> None:
    connection = Author.of(ada).connect(channel)
    for part in ({"content": content}, {"thread": [{"content": content}]}):
        verdict = _verdict(ada, channel_id=channel, channel_connection_id=connection, **part)
        [error] = verdict["errors"]
        assert error["error_code"] in {"VALIDATION_ERROR", "VARIANT_CONTENT_REQUIRED"}
        assert verdict["preview"] == []


def test_a_connection_must_suit(ada: Account, simulator: Simulator) -> None:
    author = Author.of(ada)
    bluesky, mastodon = author.connect("bluesky"), author.connect()
    verdict = _verdict(ada, channel_connection_id=bluesky)
    assert _codes(verdict) == [("INCOMPATIBLE_CHANNEL", "channel_connection_id")]
    with engine().begin() as database:
        database.execute(text("UPDATE channel_connections SET status = 'error'"))
    verdict = _verdict(ada, channel_connection_id=mastodon)
    assert _codes(verdict) == [("CONNECTION_INACTIVE", "channel_connection_id")]


def test_what_is_planned_on_a_connection_is_pointed_out(ada: Account, simulator: Simulator) -> None:
    author = Author.of(ada)
    connection, other = author.connect(), author.connect()
    _, variant = author.write("Tea")
    author.schedule(variant, connection, run_at=in_future(seconds=30))
    assert _warned(_verdict(ada, channel_connection_id=connection)) == [
        "DUPLICATE_CONTENT",
        "SCHEDULES_CLOSE_TOGETHER",
    ]
    assert _warned(_verdict(ada, content="Cake", channel_connection_id=connection)) == [
        "SCHEDULES_CLOSE_TOGETHER"
    ]
    assert _warned(_verdict(ada, channel_connection_id=other)) == []
    assert _warned(_verdict(ada)) == []
    answer = ada.api.post(f"/variants/{variant}/validate", {"channel_connection_id": connection})
    assert _warned(answer.json["data"]) == ["DUPLICATE_CONTENT", "SCHEDULES_CLOSE_TOGETHER"]


def test_another_organizations_things_are_refused(
    ada: Account, ben: Account, simulator: Simulator
) -> None:
    connection = Author.of(ada).connect()
    _, variant = Author.of(ada).write("Tea")
    _, own = Author.of(ben).write("Tea")
    body = {"channel_connection_id": connection}
    refused = ben.api.post(f"/variants/{variant}/validate")
    assert (refused.status, refused.codes) == (403, ["VARIANT_ACCESS_DENIED"])
    for refused in (
        ben.api.post(f"/variants/{own}/validate", body),
        _validate(ben, {**TEA, **body}),
    ):
        assert (refused.status, refused.codes) == (403, ["CONNECTION_ACCESS_DENIED"])
        assert refused.json["errors"][0]["field"] == "channel_connection_id"


@pytest.mark.parametrize("unknown", [str(uuid4()), "abc"])
def test_an_unknown_variant_is_not_found(ada: Account, unknown: str) -> None:
    answer = ada.api.post(f"/variants/{unknown}/validate")
    assert (answer.status, answer.codes) == (404, ["VARIANT_NOT_FOUND"])


def test_an_unknown_connection_is_not_found(ada: Account) -> None:
    answer = _validate(ada, {**TEA, "channel_connection_id": str(uuid4())})
    assert (answer.status, answer.codes) == (404, ["CONNECTION_NOT_FOUND"])


def test_nobody_in_particular_gets_nothing(api: Api, ada: Account) -> None:
    answer = api.post("/posts/validate", {"variants": [TEA]})
    assert (answer.status, answer.codes) == (401, ["UNAUTHORIZED"])


def test_a_key_judges_only_for_its_channels(ada: Account, api: Api) -> None:
    made = ada.api.post(
        "/api-keys", {"name": "Import", "scopes": ["posts:read"], "channels": ["bluesky"]}
    )
    assert made.status == 201, made.content
    key = api.as_user(made.json["data"]["key"])
    answer = key.post("/posts/validate", {"variants": [TEA]})
    assert (answer.status, answer.codes) == (403, ["CHANNEL_ACCESS_DENIED"])
    answer = key.post("/posts/validate", {"variants": [{**TEA, "channel_id": "bluesky"}]})
    assert answer.status == 200


@pytest.mark.parametrize(
    ("more", "limit", "warned"),
    [
        ([], None, []),
        (["channels:read"], 99, []),
        (["schedules:read"], None, ["DUPLICATE_CONTENT"]),
        (["channels:read", "schedules:read"], 99, ["DUPLICATE_CONTENT"]),
    ],
    ids=["neither", "channels", "schedules", "both"],
)
def test_no_more_is_told_than_may_be_seen(
    ada: Account,
    api: Api,
    simulator: Simulator,
    more: list[str],
    limit: int | None,
    warned: list[str],
) -> None:
    """To read posts is neither to see accounts nor what is planned there."""
    author = Author.of(ada)
    connection = author.connect()
    with engine().begin() as database:
        database.execute(text("""UPDATE channel_connections SET limits = '{"max_length": 99}'"""))
    _, variant = author.write("Tea")
    author.schedule(variant, connection)
    made = ada.api.post("/api-keys", {"name": "Reader", "scopes": ["posts:read", *more]})
    key = api.as_user(made.json["data"]["key"])
    named = {"channel_connection_id": connection}
    for answer in (
        key.post(f"/variants/{variant}/validate", named).json["data"],
        _validate(replace(ada, api=key), {**TEA, **named}).json["data"]["variants"][0],
    ):
        assert (answer["account_limit"], _warned(answer)) == (limit, warned)
