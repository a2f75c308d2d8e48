"""Statements nobody waits for are done in their turn or not at all, and cost no wait."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.infrastructure.database import engine, transaction
from shared.infrastructure.pipelining import UNAWAITED, ask
from shared.infrastructure.tenancy import OWNERS, seeing
from shared.kernel.errors import RuleViolation, Unavailable
from tests.benchmarks.counting_wire import CountingWire

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


def test_many_leave_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0
    wait = psycopg.Connection.wait

    def counted(steps: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        nonlocal looks
        try:
            wish = next(steps)
            while True:
                looks += 1
                wish = steps.send((yield wish))
        except StopIteration as end:
            return end.value

    def counting(connection: Any, steps: Any, *arguments: Any, **options: Any) -> Any:
        return wait(connection, counted(steps), *arguments, **options)

    def looks_for(statements: int) -> int:
        nonlocal looks
        looks = 0
        with transaction() as session:
            for number in range(statements):
                add(session, 100 * statements + number)
        return looks

    monkeypatch.setattr(psycopg.Connection, "wait", counting)
    one = min(looks_for(1), looks_for(2))
    assert one
    assert looks_for(20) < one + 20


def test_what_is_larger_than_any_buffer_arrives() -> None:
    words = "long" * 1_000_000
    with transaction() as session:
        for number in range(5):
            add(session, number, words)
        seen = session.scalars(READ).all()
        add(session, 5, words)
    assert seen == [words] * 5
    assert notes() == [words] * 6


def _asked(session: Session) -> list[str]:
    return [row.words for row in ask(session, READ, {}).rows()]


def test_what_is_asked_is_answered_as_of_its_turn() -> None:
    with transaction() as session:
        add(session, 1, "first")
        asked = ask(session, READ, {})
        add(session, 2, "second")
        session.scalar(text("SELECT :number"), {"number": 1})
        assert [row.words for row in asked.rows()] == ["first"]
        assert _asked(session) == ["first", "second"]


def test_an_answer_outlives_its_transaction_that_was_committed() -> None:
    with transaction() as session:
        add(session, 1, "first")
        asked = ask(session, READ, {})
    assert [row.words for row in asked.rows()] == ["first"]


def test_parameters_of_what_is_asked_are_values() -> None:
    with transaction() as session:
        (row,) = ask(
            session, text("SELECT CAST(:words AS text) AS said"), {"words": "100 %"}
        ).rows()
        assert row.said == "100 %"


@pytest.mark.parametrize("reads", [1, 0], ids=["before a read", "for the answer"])
def test_what_is_asked_fails_as_anything_does(reads: int) -> None:
    with failing(IntegrityError) as session:
        add(session, 1)
        add(session, 1)
        asked = ask(session, READ, {})
        for _ in range(reads):
            session.scalars(READ).all()
        asked.rows()
        pytest.fail("nothing comes after a failure")
    assert notes() == []


def test_what_fails_at_the_commit_takes_everything_with_it() -> None:
    with failing(IntegrityError) as session:
        add(session, 1)
        session.scalars(READ).all()
        add(session, 2)
        add(session, 2)
    assert notes() == []


@pytest.mark.parametrize("reads", [1, 0], ids=["after a read", "all at once"])
def test_what_only_the_commit_finds_fails_there(reads: int) -> None:
    with transaction() as session:
        session.execute(text("ALTER TABLE notes ADD UNIQUE (words) DEFERRABLE INITIALLY DEFERRED"))
    with failing(IntegrityError) as session:
        add(session, 1, "same")
        for _ in range(reads):
            session.scalars(READ).all()
        add(session, 2, "same")
        add(session, 3)
    assert notes() == []


def test_what_leaves_at_once_is_all_done_or_nothing_of_it() -> None:
    with failing(IntegrityError) as session:
        add(session, 1)
        add(session, 2)
        add(session, 1)
    assert notes() == []
    with transaction() as session:
        add(session, 1)
    assert notes() == [""]


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


@pytest.mark.parametrize("reads", [1, 0], ids=["after a read", "all at once"])
def test_what_the_driver_refuses_leaves_nothing_for_whoever_comes_next(reads: int) -> None:
    with failing(RuleViolation) as session:
        add(session, 1, "before")
        for _ in range(reads):
            session.scalars(READ).all()
        add(session, 2, "no text has \0")
    pooled = engine().raw_connection()
    assert pooled.driver_connection is not None
    assert pooled.driver_connection.info.transaction_status == TransactionStatus.IDLE
    pooled.close()
    with transaction() as session:
        add(session, 3, "next")
    assert notes() == ["next"]


def test_a_connection_that_was_lost_keeps_no_batch() -> None:
    with failing(Unavailable) as session:
        add(session, 1)
        driver: Any = session.connection().connection.driver_connection
        driver.close()
    assert driver._pipeline is None


def test_a_lock_that_is_not_given_is_an_outage() -> None:
    with transaction() as session:
        add(session, 1, "old")
    with _elsewhere() as holder, failing(Unavailable) as session:
        holder.execute(CHANGE, {"id": 1, "words": "held"})
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        session.execute(CHANGE, {"id": 1, "words": "new"}, execution_options=UNAWAITED)
    assert notes() == ["old"]


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


def test_what_is_asked_costs_no_round_trip_where_another_does(
    wired: tuple[Engine, CountingWire],
) -> None:
    made, wire = wired
    before = wire.round_trips
    with Session(made) as session, session.begin():
        asked = ask(session, READ, {})
        session.scalar(text("SELECT :number"), {"number": 1})
        asked.rows()
        session.flush()
        assert wire.round_trips - before == 1
        _asked(session)
        assert wire.round_trips - before == 2


def test_what_leaves_at_once_is_one_round_trip(wired: tuple[Engine, CountingWire]) -> None:
    made, wire = wired
    before = wire.round_trips
    with Session(made) as session, session.begin():
        add(session, 1)
        add(session, 2)
    assert wire.round_trips - before == 1


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


def test_whoever_sets_another_isolation_level_is_refused() -> None:
    """What is sent past SQLAlchemy, as records are, would never be committed after it."""
    with engine().connect() as connection, pytest.raises(ValueError, match="isolation level"):
        connection.execution_options(isolation_level="AUTOCOMMIT")
    pooled = engine().raw_connection()
    try:
        assert pooled.driver_connection is not None
        assert pooled.driver_connection.autocommit
    finally:
        pooled.close()
