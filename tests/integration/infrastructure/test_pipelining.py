"""Statements nobody waits for are done in their turn or not at all, and cost no wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.infrastructure.database import engine, transaction
from shared.infrastructure.pipelining import UNAWAITED, send_together
from shared.infrastructure.tenancy import OWNERS, seeing
from shared.kernel.errors import Unavailable
from tests.benchmarks.counting_wire import CountingWire, counting_wire

ADD = text("INSERT INTO notes VALUES (:id, :words)")
CHANGE = text("UPDATE notes SET words = :words WHERE id = :id")
READ = text("SELECT words FROM notes ORDER BY id")


@pytest.fixture(autouse=True)
def _notes(database: None) -> Iterator[None]:
    with seeing(OWNERS):
        with transaction() as session:
            session.execute(text("CREATE TABLE notes (id int PRIMARY KEY, words text)"))
        yield
        with transaction() as session:
            session.execute(text("DROP TABLE notes"))


def add(session: Session, id_: int, words: str = "") -> None:
    session.execute(ADD, {"id": id_, "words": words}, execution_options=UNAWAITED)


@contextmanager
def failing(error: type[Exception]) -> Iterator[Session]:
    with pytest.raises(error), transaction() as session:
        yield session


def notes() -> list[str]:
    with transaction() as session:
        return list(session.scalars(READ))


def test_what_nobody_waits_for_is_done_in_its_turn_when_the_transaction_ends() -> None:
    with transaction() as session:
        add(session, 1, "first")
        add(session, 2, "old")
        session.execute(CHANGE, {"id": 2, "words": "new"}, execution_options=UNAWAITED)
    assert notes() == ["first", "new"]


def test_each_is_done_in_its_turn() -> None:
    with transaction() as session:
        add(session, 1, "old")
        seen = list(session.scalars(READ))
        session.execute(CHANGE, {"id": 1, "words": "new"}, execution_options=UNAWAITED)
        session.execute(CHANGE, [{"id": 1, "words": "newer"}, {"id": 1, "words": "newest"}])
    assert (seen, notes()) == (["old"], ["newest"])


def test_nothing_of_it_is_done_where_the_block_raises() -> None:
    with failing(KeyError) as session:
        add(session, 1)
        raise KeyError
    assert notes() == []


def test_several_commands_in_one_statement_are_done_after_what_waits() -> None:
    with transaction() as session:
        add(session, 1, "old")
        session.execute(text("UPDATE notes SET words = 'new'; DELETE FROM notes WHERE id = 2"))
    assert notes() == ["new"]


def test_a_savepoint_takes_back_what_came_after_it_only() -> None:
    with transaction() as session:
        add(session, 1, "before")
        savepoint = session.begin_nested()
        add(session, 2, "within")
        savepoint.rollback()
        add(session, 3, "after")
    assert notes() == ["before", "after"]


def test_what_fails_at_the_commit_takes_everything_with_it() -> None:
    with failing(IntegrityError) as session:
        add(session, 1)
        session.scalars(READ).all()
        add(session, 2)
        add(session, 2)
    assert notes() == []


def test_what_fails_before_the_end_is_raised_by_the_next_statement() -> None:
    with failing(IntegrityError) as session:
        add(session, 1)
        add(session, 1)
        session.scalars(READ).all()
        pytest.fail("nothing comes after a failure")
    assert notes() == []


@pytest.mark.parametrize("reads", [1, 0], ids=["before a read", "at the commit"])
def test_a_connection_that_was_lost_meanwhile_is_an_outage(reads: int) -> None:
    with failing(Unavailable) as session:
        own = session.scalar(text("SELECT pg_backend_pid()"))
        add(session, 1)
        _end(own)
        for _ in range(reads):
            session.scalars(READ).all()
    assert notes() == []


def test_a_lock_that_is_not_given_is_an_outage() -> None:
    with transaction() as session:
        add(session, 1, "old")
    with _elsewhere() as holder, failing(Unavailable) as session:
        holder.execute(CHANGE, {"id": 1, "words": "held"})
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        session.execute(CHANGE, {"id": 1, "words": "new"}, execution_options=UNAWAITED)
    assert notes() == ["old"]


@pytest.fixture
def wired(tmp_path: Path, environment: dict[str, str]) -> Iterator[tuple[Engine, CountingWire]]:
    with counting_wire(tmp_path, environment["DATABASE_URL"]) as (url, wire):
        made = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        send_together(made)
        made.connect().close()
        yield made, wire
        made.dispose()


def test_only_what_is_waited_for_is_a_round_trip(wired: tuple[Engine, CountingWire]) -> None:
    made, wire = wired
    before = wire.round_trips
    with Session(made) as session, session.begin():
        session.scalar(text("SELECT :number"), {"number": 1})
        add(session, 1)
        add(session, 2)
        session.scalar(text("SELECT :number"), {"number": 1})
        add(session, 3)
    assert wire.round_trips - before == 3


def test_a_transaction_that_asks_nothing_asks_nothing(wired: tuple[Engine, CountingWire]) -> None:
    made, wire = wired
    before = wire.round_trips
    with Session(made) as session, session.begin():
        session.connection()
    assert wire.round_trips == before


def _elsewhere() -> Session:
    """A transaction on a connection of its own, taken back at its end."""
    return Session(create_engine(engine().url, poolclass=NullPool))


def _end(backend: Any) -> None:
    with _elsewhere() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
