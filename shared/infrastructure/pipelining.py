"""Statements nobody waits for: each travels to PostgreSQL with the one after it.

The BEGIN of every transaction does, and so does what is executed with `UNAWAITED`; the last of it
goes with the COMMIT. They arrive in the order in which they were executed. Should one fail, it is
that which it travels with that raises, and nothing after it has been done.

What is asked with `ask` travels so, too, and is answered when somebody wants to know.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg.generators import send
from psycopg.rows import namedtuple_row
from sqlalchemy import ClauseElement, Connection, Dialect, Engine, ExecutionContext, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

UNAWAITED = {"is_awaited": False}
"""Execution options of a statement whose result nobody looks at, and whose errors nobody catches
before the end of the transaction."""

_SENDING = {"is_sending_only": True}
"""Execution options of a question that waits already: whatever waits is sent, and it with that."""

_QUESTIONS = 1024
"""Of how many questions the words are kept; to find them takes longer than to ask."""

_Cursor = psycopg.Cursor[Any]


class Asked:
    """What a statement answers that was sent, or is about to be, with the one after it."""

    def __init__(self, connection: Connection, question: str) -> None:
        self._connection = connection
        self._question = question
        self.cursor: _Cursor | None = None

    def rows(self) -> Sequence[Any]:
        """Named tuples. What has not left by now leaves at once."""
        if self.cursor is None:
            self._connection.exec_driver_sql(self._question, execution_options=_SENDING)
        assert self.cursor is not None
        return self.cursor.fetchall()


class _Statement(NamedTuple):
    """`is_opening`: a command that does nothing by itself.

    `asked`: somebody wants to know what it answers.
    """

    text: str
    parameters: Any = None
    is_opening: bool = False
    asked: Asked | None = None


_BEGIN = _Statement("BEGIN", is_opening=True)
_COMMIT = "COMMIT"

_waiting: WeakKeyDictionary[Connection, list[_Statement]] = WeakKeyDictionary()
_ending: WeakKeyDictionary[psycopg.Connection[Any], list[_Statement]] = WeakKeyDictionary()


def send_together(engine: Engine) -> None:
    event.listen(engine, "connect", _leave_the_beginning_to_us)
    event.listen(engine, "set_connection_execution_options", _refuse_other_levels)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "do_execute", _execute)
    event.listen(engine, "do_executemany", _execute_many)
    event.listen(engine, "do_execute_no_params", _execute_bare)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _forget)
    engine.dialect.do_commit = _end  # type: ignore[method-assign, assignment]


def send_unawaited(connection: Connection, statement: str, parameters: Any) -> None:
    """As what is executed with `UNAWAITED`, in the words of the driver."""
    _waiting[connection].append(_Statement(statement, parameters))


def ask(session: Session, question: ClauseElement, parameters: Mapping[str, Any]) -> Asked:
    """Ask something whose answer can wait until something else was asked or done as well.

    It is of the moment between the statements before it and those after it, and in the types of
    the driver.
    """
    connection = session.connection()
    words, own = _in_words_of_the_driver(question, connection.dialect)
    asked = Asked(connection, words)
    _waiting[connection].append(_Statement(words, {**own, **parameters}, asked=asked))
    return asked


def answers(
    session: Session, question: ClauseElement, parameters: Mapping[str, Any]
) -> Sequence[Any]:
    """The same at once, as the session itself would: with all that has changed in it by now."""
    session.flush()
    return ask(session, question, parameters).rows()


@lru_cache(_QUESTIONS)
def _in_words_of_the_driver(
    question: ClauseElement, dialect: Dialect
) -> tuple[str, Mapping[str, Any]]:
    compiled = question.compile(dialect=dialect)
    return str(compiled), compiled.params


def send_with_beginning(connection: Connection, *commands: str) -> None:
    """Right after the BEGIN that waits: where nothing follows, none of it is sent."""
    _waiting[connection] += [_Statement(each, is_opening=True) for each in commands]


def _leave_the_beginning_to_us(
    connection: psycopg.Connection[Any], _entry: ConnectionPoolEntry
) -> None:
    """The driver would wait for the answer to its BEGIN."""
    connection.autocommit = True


def _refuse_other_levels(_connection: Connection, options: Mapping[str, Any]) -> None:
    """To take one back, the dialect would leave the beginning to the driver from then on."""
    if "isolation_level" in options:
        raise ValueError("a connection that is pooled keeps its isolation level")


def _begin(connection: Connection) -> None:
    _waiting[connection] = [_BEGIN]


def _execute(cursor: _Cursor, statement: str, parameters: Any, context: ExecutionContext) -> bool:
    """Answers whether it has been seen to."""
    waiting = _waiting.get(context.root_connection)
    if waiting is None:
        return False
    if context.execution_options.get("is_sending_only"):
        _execute_bare(cursor, statement, context)
        return True
    if not context.execution_options.get("is_awaited", True):
        waiting.append(_Statement(statement, parameters))
        return True
    if not waiting:
        return False
    if not parameters:  # it may be several commands, which PostgreSQL takes only by themselves
        _execute_bare(cursor, statement, context)
        return False
    with _batch(cursor.connection) as batch:
        _send(waiting, batch, cursor.connection)
        cursor.execute(statement, parameters)
    return True


def _execute_many(
    cursor: _Cursor, _statement: str, _parameters: Any, context: ExecutionContext
) -> None:
    _execute_bare(cursor, _statement, context)


def _execute_bare(cursor: _Cursor, _statement: str, context: ExecutionContext) -> None:
    """It travels by itself, after what waits."""
    if waiting := _waiting.get(context.root_connection):
        with _batch(cursor.connection) as batch:
            _send(waiting, batch, cursor.connection)


def _commit(connection: Connection) -> None:
    """The dialect ends the transaction next: what goes wrong there becomes an error of its own."""
    _ending[_driver(connection.connection)] = _waiting.pop(connection, [])


def _end(connection: PoolProxiedConnection) -> None:
    driver = _driver(connection)
    waiting = _ending.pop(driver, [])
    if all(each.is_opening for each in waiting):
        connection.commit()
        return
    with _batch(driver) as batch:
        _send(waiting, batch, driver)
        batch.command(_COMMIT)


def _driver(connection: PoolProxiedConnection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.driver_connection)


def _forget(connection: Connection) -> None:
    _waiting.pop(connection, None)


class _Batch(psycopg.Pipeline):
    """One that is sent at its end; who asked for an answer before would wait for ever.

    Psycopg's own turns to the socket twice at each statement, has the server turn to it at once,
    and asks at the end for what a sync brings anyway.
    """

    def command(self, words: str) -> None:
        """Of which nobody looks at more than whether it fails; a cursor is much more than that."""
        self.command_queue.append(partial(self.pgconn.send_query_params, words.encode(), None))
        self.result_queue.append(None)

    def _communicate_gen(self) -> Generator[Any, Any, None]:
        while self.command_queue:
            self.command_queue.popleft()()
        yield from ()

    def _fetch_gen(self, *, flush: bool) -> Generator[Any, Any, None]:  # noqa: ARG002
        yield from send(self.pgconn)
        yield from super()._fetch_gen(flush=False)


@contextmanager
def _batch(connection: psycopg.Connection[Any]) -> Iterator[_Batch]:
    batch = connection._pipeline = _Batch(connection)  # noqa: SLF001 or it makes one of its own
    try:
        with connection.pipeline():
            yield batch
    finally:
        connection._pipeline = None  # noqa: SLF001 which it is by now, unless it has been lost


def _send(waiting: list[_Statement], batch: _Batch, connection: psycopg.Connection[Any]) -> None:
    sent, waiting[:] = waiting[:], []
    nobodys = connection.cursor()
    for each in sent:
        if each.is_opening:
            batch.command(each.text)
        elif each.asked is None:
            nobodys.execute(each.text, each.parameters)
        else:
            cursor = each.asked.cursor = connection.cursor(row_factory=namedtuple_row)
            cursor.execute(each.text, each.parameters)
