"""A request with an idempotency key is done once, and its answer given again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from shared.infrastructure.database import engine
from tests.accounts import PASSWORD, Account, register
from tests.api import Api
from tests.author import Author, in_future
from tests.functions.operations.keyed import POST, create, expire, kept, posts, replayed
from tests.simulator.client import Simulator

MOCK = {"channel_id": "mastodon", "mock_connection": True}


def test_the_same_request_is_done_once_and_answered_twice_alike(ada: Account) -> None:
    first, second = create(ada), create(ada)
    assert (first.status, replayed(first)) == (201, False)
    assert (second.status, replayed(second)) == (201, True)
    assert second.content == first.content
    assert second.headers["content-type"] == first.headers["content-type"]
    assert second.headers["x-request-id"] != first.headers["x-request-id"]
    assert posts(ada) == 1


def test_another_key_is_another_request(ada: Account) -> None:
    first, second = create(ada, "one"), create(ada, "two")
    assert first.json["data"]["id"] != second.json["data"]["id"]
    assert posts(ada) == 2


def test_variants_schedules_and_connections_are_created_once_too(
    ada: Account, simulator: Simulator
) -> None:
    post, variant = Author.of(ada).write()
    connection = create(ada, "connection", "/channels/connect", MOCK)
    schedule = {
        "post_variant_id": variant,
        "channel_connection_id": connection.json["id"],
        "run_at": in_future(hours=1),
    }
    requests: list[tuple[str, Any]] = [
        (f"/posts/{post}/variants", {"channel_id": "bluesky", "content": "Hello"}),
        ("/schedules", schedule),
    ]
    for path, body in requests:
        first, second = create(ada, path, path, body), create(ada, path, path, body)
        assert (first.status, second.status) == (201, 201)
        assert second.content == first.content
        assert replayed(second)
    assert create(ada, "connection", "/channels/connect", MOCK).content == connection.content
    assert len(ada.api.get("/channels/connections").json["data"]) == 1
    assert ada.api.get("/schedules").json["meta"]["total"] == 1
    assert len(ada.api.get(f"/posts/{post}/variants").json["data"]) == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/posts", {"description": "Good evening"}),
        ("/channels/connect", POST),
    ],
)
def test_a_key_belongs_to_one_request(ada: Account, path: str, body: Any) -> None:
    first = create(ada)
    other = create(ada, path=path, body=body)
    assert (other.status, other.codes) == (409, ["IDEMPOTENCY_KEY_REUSED"])
    assert create(ada).content == first.content
    assert posts(ada) == 1


def test_the_query_is_part_of_the_request(ada: Account) -> None:
    create(ada)
    headers = {"Idempotency-Key": "a-key"}
    other = ada.api.post("/posts", POST, headers=headers, query={"draft": "1"})
    assert other.codes == ["IDEMPOTENCY_KEY_REUSED"]


def test_two_organizations_with_the_same_key_never_meet(ada: Account, ben: Account) -> None:
    of_ada = create(ada)
    of_ben = create(ben, body={"description": "Good evening"})
    assert (of_ben.status, replayed(of_ben)) == (201, False)
    assert create(ada).content == of_ada.content
    assert create(ben, body={"description": "Good evening"}).content == of_ben.content
    assert (posts(ada), posts(ben)) == (1, 1)


def test_nor_do_two_people_of_one(api: Api, ada: Account, ben: Account) -> None:
    with engine().begin() as database:
        database.execute(
            text("UPDATE memberships SET organization_id = :organization WHERE user_id = :id"),
            {"organization": ada.organization_id, "id": ben.user_id},
        )
    login = api.post("/auth/login", {"email": ben.email, "password": PASSWORD})
    colleague = replace(ben, api=api.as_user(login.json["access_token"]))
    of_ada, of_ben = create(ada), create(colleague)
    assert (of_ben.status, replayed(of_ben)) == (201, False)
    assert create(ada).content == of_ada.content
    assert create(colleague).content == of_ben.content
    assert posts(ada) == posts(colleague) == 2


def test_a_refusal_is_an_answer_too(ada: Account) -> None:
    first = create(ada, body={"description": ""})
    second = create(ada, body={"description": ""})
    assert (first.status, second.status) == (400, 400)
    assert replayed(second)
    assert second.content == first.content


def test_what_may_change_with_the_caller_is_not_kept(ada: Account) -> None:
    with engine().begin() as database:
        database.execute(
            text("UPDATE memberships SET role = 'viewer' WHERE user_id = :id"),
            {"id": ada.user_id},
        )
    assert create(ada).status == 403
    assert kept() == []


def test_where_a_service_was_down_the_same_key_works_later(
    ada: Account, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setenv("SIMULATOR_URL", "http://127.0.0.1:1")
        assert create(ada, path="/channels/connect", body=MOCK).status == 503
    assert kept() == []
    answer = create(ada, path="/channels/connect", body=MOCK)
    assert (answer.status, replayed(answer)) == (201, False)


def test_where_we_failed_the_same_key_works_later(
    ada: Account, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setenv("ENVIRONMENT", "nowhere")
        assert create(ada, path="/channels/connect", body=MOCK).status == 500
    assert kept() == []
    assert create(ada, path="/channels/connect", body=MOCK).status == 201


def test_what_was_sent_as_another_type_may_be_sent_again(ada: Account) -> None:
    headers = {"Idempotency-Key": "a-key"}
    wrong = ada.api.post("/posts", POST, headers=headers | {"content-type": "text/plain"})
    assert (wrong.status, wrong.codes) == (415, ["UNSUPPORTED_MEDIA_TYPE"])
    assert create(ada, "a-key").status == 201


def test_after_a_day_a_key_is_new(ada: Account) -> None:
    first = create(ada)
    [row] = kept()
    assert row.expires_at - row.created_at >= timedelta(hours=24)
    expire()
    second = create(ada, body={"description": "Good evening"})
    assert (second.status, replayed(second)) == (201, False)
    assert second.json["data"]["id"] != first.json["data"]["id"]
    assert len(kept()) == 1


def test_what_has_expired_is_swept_away(ada: Account) -> None:
    create(ada, "old")
    expire()
    create(ada, "new")
    assert [row.key for row in kept()] == ["new"]


@pytest.mark.parametrize("key", ["k", "k" * 255, '!"~', "8e03978e-40d5-43dd-bc93-6894a57f9324"])
def test_visible_ascii_is_a_key(ada: Account, key: str) -> None:
    assert create(ada, key).content == create(ada, key).content
    assert posts(ada) == 1


@pytest.mark.parametrize("key", ["", "k" * 256, "two words", "schlüssel", "a\tb"])
def test_anything_else_is_not(ada: Account, key: str) -> None:
    answer = create(ada, key)
    assert (answer.status, answer.codes) == (400, ["INVALID_IDEMPOTENCY_KEY"])
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"
    assert posts(ada) == 0


@pytest.mark.parametrize("token", [None, "forged"])
def test_nobody_claims_a_key_unproved(api: Api, chief: Account, token: str | None) -> None:
    caller = api if token is None else api.as_user(token)
    answer = caller.post("/posts", POST, headers={"Idempotency-Key": "a key"})
    assert answer.status == 401
    assert kept() == []


def test_nobody_claims_a_key_before_approval(api: Api, chief: Account) -> None:
    answer = create(register(api))
    assert answer.codes == ["ACCOUNT_PENDING_APPROVAL"]
    assert kept() == []


def test_what_does_not_create_takes_no_notice(ada: Account) -> None:
    post = create(ada).json["data"]["id"]
    headers = {"Idempotency-Key": "two words"}
    statuses = [
        ada.api.request(method, path, json={}, headers=headers).status
        for method, path in [("GET", "/posts"), ("PATCH", f"/posts/{post}"), ("PUT", "/posts")]
    ]
    assert statuses == [200, 200, 405]


def test_without_a_key_nothing_is_asked_of_the_database(ada: Account) -> None:
    create(ada, "warm")
    with _statements() as plain:
        ada.api.post("/posts", POST)
    with _statements() as keyed:
        create(ada)
    assert not [each for each in plain if "idempotent" in each]
    assert len([each for each in keyed if "idempotent" in each]) == 3
    assert len(keyed) == len(plain) + 3


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What the database is asked while the block runs."""
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine(), "before_cursor_execute", note)
