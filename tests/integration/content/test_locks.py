"""Whoever deletes or schedules waits in the order in which all lock, and sees what others did."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from shared.infrastructure.database import engine
from tests.accounts import root
from tests.api import Api, ApiAnswer
from tests.author import Author
from tests.simulator.client import Simulator

FORCED = {"force": True}


@pytest.fixture
def author(api: Api, simulator: Simulator) -> Author:
    return Author.of(root(api))


@pytest.fixture
def other() -> Iterator[Connection]:
    """A transaction beside those of the functions."""
    with create_engine(engine().url, poolclass=NullPool).connect() as connection:
        yield connection


def _meanwhile(
    other: Connection, ask: Callable[[], ApiAnswer], do: Callable[[], None]
) -> ApiAnswer:
    """Ask, do something once that waits for the other transaction, and see what it came to."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask)
        try:
            _await_somebody_behind(other)
            do()
        finally:
            other.rollback()
        return asked.result(10)


def _await_somebody_behind(other: Connection) -> None:
    query = text(
        "SELECT EXISTS (SELECT FROM pg_stat_activity"
        " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    )
    until = time.monotonic() + 4
    while not other.scalar(query):
        assert time.monotonic() < until, "nobody waits"
        time.sleep(0.01)


def _hold(variant: str, other: Connection) -> None:
    held = text("SELECT FROM post_variants WHERE id = :id FOR NO KEY UPDATE")
    other.execute(held, {"id": variant})


def _hold_at_once(post: str, other: Connection) -> None:
    query = text("SELECT FROM posts WHERE id = :id FOR NO KEY UPDATE NOWAIT")
    other.execute(query, {"id": post})


def test_who_deletes_a_variant_holds_it_before_its_post(author: Author, other: Connection) -> None:
    """The publisher records what it has sent in this order, and must not be the victim."""
    post, variant = author.write()
    schedule = author.schedule(variant, author.connect())
    _hold(variant, other)
    path = f"/variants/{variant}"
    answer = _meanwhile(
        other,
        lambda: author.api.request("DELETE", path, query=FORCED),
        lambda: _hold_at_once(post, other),
    )
    assert answer.status == 204
    assert author.status(schedule) == "cancelled"


def test_who_schedules_a_variant_holds_it_before_its_post(
    author: Author, other: Connection
) -> None:
    post, variant = author.write()
    connection = author.connect()
    _hold(variant, other)
    answer = _meanwhile(
        other,
        lambda: author.try_to_schedule(variant, connection),
        lambda: _hold_at_once(post, other),
    )
    assert answer.status == 201
    assert author.post_status(post) == "scheduled"


def test_a_change_while_a_delete_waits_is_not_deleted_along(
    author: Author, other: Connection
) -> None:
    """To cancel is one step of its own, and excuses no other."""
    post, variant = author.write()
    schedule = author.schedule(variant, author.connect())
    path = f"/posts/{post}"
    seen = {"if-match": author.api.get(path).headers["etag"]}
    change = text("UPDATE posts SET title = 'x', version = version + 1 WHERE id = :id")
    other.execute(change, {"id": post})
    answer = _meanwhile(
        other,
        lambda: author.api.request("DELETE", path, query=FORCED, headers=seen),
        other.commit,
    )
    assert (answer.status, answer.codes) == (412, ["PRECONDITION_FAILED"])
    assert answer.json["errors"][0]["meta"] == {"version": 3}
    assert author.status(schedule) == "pending"
    assert author.api.get(path).headers["etag"] == '"3"'


def test_who_schedules_a_post_that_begins_to_leave_meanwhile_does_not_hide_it(
    author: Author, other: Connection
) -> None:
    post, variant = author.write()
    author.schedule(variant, author.connect())
    connection = author.connect()
    other.execute(text("UPDATE posts SET status = 'publishing' WHERE id = :id"), {"id": post})
    answer = _meanwhile(other, lambda: author.try_to_schedule(variant, connection), other.commit)
    assert answer.status == 201
    assert author.post_status(post) == "publishing"


def test_who_schedules_a_post_that_is_archived_meanwhile_is_refused(
    author: Author, other: Connection
) -> None:
    post, variant = author.write()
    connection = author.connect()
    other.execute(text("UPDATE posts SET status = 'archived' WHERE id = :id"), {"id": post})
    answer = _meanwhile(other, lambda: author.try_to_schedule(variant, connection), other.commit)
    assert (answer.status, answer.codes) == (409, ["POST_ARCHIVED"])
    assert author.post_status(post) == "archived"
    assert author.api.get("/schedules").json["data"] == []
