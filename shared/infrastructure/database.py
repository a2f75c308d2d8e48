"""PostgreSQL through SQLAlchemy: one engine a container, one connection an engine."""

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from psycopg import Error as PsycopgError
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Engine,
    Enum,
    MetaData,
    Uuid,
    any_,
    bindparam,
    cast,
    create_engine,
    event,
)
from sqlalchemy import Connection as SqlConnection
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import (
    DataError,
    DisconnectionError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, SessionTransaction, registry
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from shared.infrastructure.adaptation import adapt
from shared.infrastructure.pipelining import send_together, send_unawaited, send_with_beginning
from shared.infrastructure.secret_references import resolved
from shared.infrastructure.settings import Settings
from shared.infrastructure.tenancy import EVERYBODYS, sight
from shared.infrastructure.traced_statements import trace_statements
from shared.kernel.errors import RuleViolation, Unavailable

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
mappers = registry(metadata=metadata)
"""Every context maps its aggregates here, imperatively, in `adapters/tables.py` or
`adapters/<part>_tables.py`."""


def word(kind: type[StrEnum]) -> Enum:
    """The type of a column that holds one of a few words, kept as text and loaded as `kind`."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,  # see `one_of`: its name and words then show in the table
        length=20,
        values_callable=lambda words: [each.value for each in words],
    )


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """The check, named after the column, that the database takes no other word."""
    listed = ", ".join(f"'{each}'" for each in dict.fromkeys(words))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def among(column: ColumnElement[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    """The condition that `column` is one of `ids`, which travel as one value however many."""
    return column == any_(cast(list(ids), ARRAY(Uuid)))


def among_given(column: ColumnElement[UUID], name: str) -> ColumnElement[bool]:
    """The same of a statement that is kept, whose ids are given by this name when it is asked."""
    return column == any_(bindparam(name, type_=ARRAY(Uuid)))


@dataclass(frozen=True, kw_only=True)
class DatabaseSettings(Settings):
    """`url` is a libpq URL, ``postgresql://user:password@host/name``.

    `owner_url` is the same for whoever may change the schema, empty where that is the same user.
    `password` is for a URL that has none: kept elsewhere, it may change while we run.
    `proxied`: through a proxy that shares connections, and sets them up by itself.
    `pool_size` is the number of containers that share the process: one on Lambda.
    """

    url: str = field(repr=False)
    owner_url: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    proxied: bool = False
    pool_size: int = 1


_IDLE = 1.0
"""Seconds unused after which a connection is asked whether it still lives."""

_ON_ITS_WAY_OUT = {"25006", "25P03"}
"""A server that takes no more writes, for another has taken over; a transaction it has ended."""

_CONNECTION = {
    # A server that does not answer is down; a lock or a transaction nobody ends must not last.
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "tcp_user_timeout": 10_000,
    "options": "-c timezone=UTC -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
}
_PROXIED = {"options": "", "prepare_threshold": None}
"""RDS Proxy refuses options, and gives a connection that prepares statements to nobody else."""


@cache
def engine() -> Engine:
    """The container's only engine.

    One connection is enough for a container that serves one request at a time. What was idle is
    pinged before use, because connections do not survive the freeze between invocations.
    """
    settings = DatabaseSettings.read()
    url = make_url(settings.url).set(drivername="postgresql+psycopg")
    made = create_engine(
        url,
        pool_size=settings.pool_size,
        pool_use_lifo=True,  # few do the work: each keeps the room that its largest answer took
        max_overflow=0,
        connect_args={**_CONNECTION, **(_PROXIED if settings.proxied else {})},
        hide_parameters=True,  # or an error would carry tokens and hashes into the log
    )
    send_together(made)
    event.listen(made, "do_connect", _log_in)
    event.listen(made, "connect", adapt)
    event.listen(made, "checkin", _note_use)
    event.listen(made, "checkout", _ping_after_idling)
    trace_statements(made)
    return made


def _log_in(
    dialect: Dialect, _record: ConnectionPoolEntry, arguments: Any, parameters: dict[str, Any]
) -> DBAPIConnection | None:
    """With the password that holds now, if it has been changed since it was read."""
    password = DatabaseSettings.read().password
    if not password:
        return None
    try:
        return dialect.connect(*arguments, **{**parameters, "password": password})
    except PsycopgError as error:
        if "password" not in str(error):
            raise
        resolved.cache_clear()
        newer = DatabaseSettings.read().password
        if newer == password:
            raise
        return dialect.connect(*arguments, **{**parameters, "password": newer})


def _note_use(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info["used_at"] = time.monotonic()


def _ping_after_idling(
    connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """As the pool's own pre-ping, but not between the transactions of one invocation."""
    if time.monotonic() - entry.info.get("used_at", time.monotonic()) > _IDLE:
        try:
            alive = engine().dialect.do_ping(connection)
        except PsycopgError:
            alive = False
        if not alive:
            raise DisconnectionError


class _UnitOfWork(Session):
    """A session whose transactions see what `tenancy` says."""


CHANGE_ROLE = "SELECT set_config('role', %s, true)"


@event.listens_for(_UnitOfWork, "after_begin")
def _take_role(
    _session: Session, transaction: SessionTransaction, connection: SqlConnection
) -> None:
    """For this transaction only, so that a pool between us and the server may share connections."""
    if not transaction.nested:
        send_with_beginning(connection, *sight().commands)


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: committed when the block ends well, rolled back when it raises.

    It sees what `tenancy` says at its first statement.

    Raises:
        Unavailable: `DATABASE_UNAVAILABLE`; a commit under way may or may not have happened.
        RuleViolation: a value no column can hold, such as text with a NUL character.
    """
    try:
        with _UnitOfWork(engine(), expire_on_commit=False) as session, session.begin():
            yield session
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise Unavailable("DATABASE_UNAVAILABLE", "The database cannot be reached") from error
    except InternalError as error:
        if getattr(error.orig, "sqlstate", None) not in _ON_ITS_WAY_OUT:
            raise
        engine().dispose()
        raise Unavailable("DATABASE_UNAVAILABLE", "The database cannot be reached") from error
    except (DataError, UnicodeEncodeError) as error:
        raise RuleViolation(
            "VALIDATION_ERROR", "A value contains characters or numbers that cannot be kept"
        ) from error


@contextmanager
def past_policies(session: Session) -> Iterator[None]:
    """For statements that name their organization and are found by an index of words or of lists.

    PostgreSQL asks an operator that might tell what it is shown, as those are, only of rows that
    a policy has let through: then no index answers it, and all rows of the organization are read.
    Whoever sees everything is past them already.
    """
    seen = sight()
    if seen.role == EVERYBODYS.role:
        yield
        return
    connection = session.connection()
    send_unawaited(connection, CHANGE_ROLE, (EVERYBODYS.role,))
    yield
    send_unawaited(connection, CHANGE_ROLE, (seen.role,))
