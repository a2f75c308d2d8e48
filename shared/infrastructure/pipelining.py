"""Statements nobody waits for: each travels to PostgreSQL with the one after it.

The BEGIN of every transaction does, and so does what is executed with `UNAWAITED`; the last of it
goes with the COMMIT. They arrive in the order in which they were executed. Should one fail, it is
that which it travels with that raises, and nothing after it has been done.
"""

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Connection, Engine, ExecutionContext, event
from sqlalchemy.pool import ConnectionPoolEntry

UNAWAITED = {"is_awaited": False}
"""Execution options of a statement whose result nobody looks at, and whose errors nobody catches
before the end of the transaction."""


class _Statement(NamedTuple):
    """`is_opening`: it does nothing by itself."""

    text: str
    parameters: Any
    is_opening: bool = False


_BEGIN = _Statement("BEGIN", None, is_opening=True)
_COMMIT = "COMMIT"
_Cursor = psycopg.Cursor[Any]

_waiting: WeakKeyDictionary[Connection, list[_Statement]] = WeakKeyDictionary()


def send_together(engine: Engine) -> None:
    event.listen(engine, "connect", _leave_the_beginning_to_us)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "do_execute", _execute)
    event.listen(engine, "do_executemany", _execute_many)
    event.listen(engine, "do_execute_no_params", _execute_bare)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _forget)


def send_unawaited(connection: Connection, statement: str, parameters: Any) -> None:
    """As what is executed with `UNAWAITED`, in the words of the driver."""
    _waiting[connection].append(_Statement(statement, parameters))


def send_with_beginning(connection: Connection, text: str, parameters: Any) -> None:
    """Right after the BEGIN that waits: where nothing follows, neither is sent."""
    _waiting[connection].append(_Statement(text, parameters, is_opening=True))


def _leave_the_beginning_to_us(
    connection: psycopg.Connection[Any], _entry: ConnectionPoolEntry
) -> None:
    """The driver would wait for the answer to its BEGIN."""
    connection.autocommit = True


def _begin(connection: Connection) -> None:
    _waiting[connection] = [_BEGIN]


def _execute(cursor: _Cursor, statement: str, parameters: Any, context: ExecutionContext) -> bool:
    """Answers whether it has been seen to."""
    waiting = _waiting.get(context.root_connection)
    if waiting is None:
        return False
    if not context.execution_options.get("is_awaited", True):
        waiting.append(_Statement(statement, parameters))
        return True
    if not waiting:
        return False
    if (
        not parameters and statement != _COMMIT
    ):  # it may be several commands, which PostgreSQL takes only by themselves
        _execute_bare(cursor, statement, context)
        return False
    with cursor.connection.pipeline():
        _send(waiting, cursor.connection)
        cursor.execute(statement, parameters)
    return True


def _execute_many(
    cursor: _Cursor, _statement: str, _parameters: Any, context: ExecutionContext
) -> None:
    _execute_bare(cursor, _statement, context)


def _execute_bare(cursor: _Cursor, _statement: str, context: ExecutionContext) -> None:
    """It travels by itself, after what waits."""
    if waiting := _waiting.get(context.root_connection):
        with cursor.connection.pipeline():
            _send(waiting, cursor.connection)


def _commit(connection: Connection) -> None:
    """The driver's own COMMIT comes next, and has nothing left to do."""
    if not all(each.is_opening for each in _waiting.get(connection, [])):
        connection.exec_driver_sql(_COMMIT)
    _waiting.pop(connection, None)


def _forget(connection: Connection) -> None:
    _waiting.pop(connection, None)


def _send(waiting: list[_Statement], connection: psycopg.Connection[Any]) -> None:
    sent, waiting[:] = waiting[:], []
    for each in sent:
        connection.cursor().execute(each.text, each.parameters)
