"""The auditor: one row for each sign-up, however often its message comes."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.operations.adapters.arrivals import begin as begin_work
from shared.operations.adapters.audit_logs import begin as begin_audit
from shared.operations.application.audit_sign_up import audit_sign_up
from shared.operations.domain.outbox import Done
from tests.outbox import SIGN_UPS, Post, let_backoff_pass, rows

USER = uuid4()


def sign_up(**changes: Any) -> dict[str, Any]:
    return {
        "user_id": str(USER),
        "email": "ada@example.com",
        "method": "password",
        "address": "203.0.113.9",
        "user_agent": "Browser 1.0",
        "occurred_at": "2026-11-20T12:00:00+00:00",
        **changes,
    }


def entries() -> list[Any]:
    with engine().connect() as connection:
        return list(connection.execute(text("SELECT * FROM audit_logs")).all())


def test_a_sign_up_is_kept_with_where_it_came_from(post: Post) -> None:
    post.ask(SIGN_UPS, sign_up())
    assert post.run(SIGN_UPS)["done"] == 1
    (entry,) = entries()
    (message,) = rows()
    assert entry.id == message.id
    assert entry.organization_id == post.organization_id
    assert (entry.actor_id, entry.resource_id) == (USER, USER)
    assert (entry.action, entry.resource_type) == ("USER_SIGNED_UP", "user")
    assert (entry.address, entry.user_agent) == ("203.0.113.9", "Browser 1.0")
    assert entry.details == {"method": "password"}, "an entry is never changed: it holds no names"
    assert entry.occurred_at.isoformat() == "2026-11-20T12:00:00+00:00"
    assert (message.state, bytes(message.sealed_body)) == ("done", b"")


def test_a_message_that_comes_twice_is_one_entry(post: Post) -> None:
    post.ask(SIGN_UPS, sign_up())
    post.relay()
    bodies = post.taken(SIGN_UPS)
    assert post.deliver(SIGN_UPS, bodies * 2)["done"] == 1
    assert post.deliver(SIGN_UPS, bodies)["done"] == 0
    assert len(entries()) == 1


def test_an_auditor_that_dies_before_it_records_adds_no_second_entry(post: Post) -> None:
    post.ask(SIGN_UPS, sign_up())
    post.relay()
    (message,) = rows()
    with begin_work() as arrivals:
        (taken,) = arrivals.take(SIGN_UPS, [message.id], now=utc_now())
    assert audit_sign_up(begin_audit, utc_now, taken) == Done()
    let_backoff_pass()
    assert post.run(SIGN_UPS)["done"] == 1
    assert len(entries()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": "nobody"},
        {"user_id": None},
        {"user_id": 7},
        {"occurred_at": "yesterday"},
        {"occurred_at": "2026-11-20T12:00:00"},
        {"occurred_at": None},
    ],
)
def test_what_says_not_who_or_when_fails_for_good_and_holds_nobody_up(
    post: Post, changes: dict[str, Any]
) -> None:
    other = UUID(int=7)
    post.ask(SIGN_UPS, sign_up(**changes), sign_up(user_id=str(other)))
    assert post.run(SIGN_UPS) == {"done": 1, "deferred": 0, "failed": 1, "put_back": 0}
    assert [entry.actor_id for entry in entries()] == [other]
    failed, done = rows()
    assert (failed.state, done.state) == ("failed", "done")
    assert failed.last_error.startswith("not a sign-up")


def test_long_and_empty_values_fit(post: Post) -> None:
    post.ask(SIGN_UPS, sign_up(address="x" * 99, user_agent="y" * 999), sign_up(address=None))
    assert post.run(SIGN_UPS)["done"] == 2
    assert sorted(len(entry.address or "") for entry in entries()) == [0, 45]
