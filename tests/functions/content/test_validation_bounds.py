"""What validation takes, from whom, and how much it tells."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import Api
from tests.author import Author
from tests.functions.content.validating import TEA, validate, verdict_of, warnings_of
from tests.simulator.client import Simulator


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
    verdict = verdict_of(ada, **wrong)
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
    answer = validate(
        ada, *[full] * 9, {**TEA, "content": last[:50_000]}, description=last[50_000:] or None
    )
    assert answer.status == status
    if status == 413:
        assert answer.codes == ["DRAFTS_TOO_LARGE"]
        assert answer.json["errors"][0]["meta"] == {"limit": 500_000, "count": 500_001}


def test_an_unknown_network_is_not_found(ada: Account) -> None:
    answer = validate(ada, {"channel_id": "myspace", "content": "Tea"})
    assert (answer.status, answer.codes) == (404, ["CHANNEL_NOT_FOUND"])


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
        validate(ben, {**TEA, **body}),
    ):
        assert (refused.status, refused.codes) == (403, ["CONNECTION_ACCESS_DENIED"])
        assert refused.json["errors"][0]["field"] == "channel_connection_id"


@pytest.mark.parametrize("unknown", [str(uuid4()), "abc"])
def test_an_unknown_variant_is_not_found(ada: Account, unknown: str) -> None:
    answer = ada.api.post(f"/variants/{unknown}/validate")
    assert (answer.status, answer.codes) == (404, ["VARIANT_NOT_FOUND"])


def test_an_unknown_connection_is_not_found(ada: Account) -> None:
    answer = validate(ada, {**TEA, "channel_connection_id": str(uuid4())})
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
        validate(replace(ada, api=key), {**TEA, **named}).json["data"]["variants"][0],
    ):
        assert (answer["account_limit"], warnings_of(answer)) == (limit, warned)
