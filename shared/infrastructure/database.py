"""PostgreSQL through SQLAlchemy: one engine a container, one connection an engine."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from sqlalchemy import CheckConstraint, Engine, Enum, MetaData, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, registry

from shared.infrastructure.settings import Settings
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
"""Every context maps its aggregates here, imperatively, in its `adapters/tables.py`."""


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


@dataclass(frozen=True, kw_only=True)
class DatabaseSettings(Settings):
    """`url` is a libpq URL, ``postgresql://user:password@host/name``.

    `pool_size` is the number of containers that share the process: one on Lambda.
    """

    url: str = field(repr=False)
    pool_size: int = 1


_CONNECTION = {
    # A server that does not answer is down; a lock or a transaction nobody ends must not last.
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "tcp_user_timeout": 10_000,
    "options": "-c timezone=UTC -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
}


@cache
def engine() -> Engine:
    """The container's only engine.

    One connection is enough for a container that serves one request at a time; it is pinged
    before use because connections do not survive the freeze between invocations.
    """
    settings = DatabaseSettings.read()
    url = make_url(settings.url).set(drivername="postgresql+psycopg")
    return create_engine(
        url,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args=_CONNECTION,
        hide_parameters=True,  # or an error would carry tokens and hashes into the log
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: committed when the block ends well, rolled back when it raises.

    Raises:
        Unavailable: `DATABASE_UNAVAILABLE`; a commit under way may or may not have happened.
        RuleViolation: a value no column can hold, such as text with a NUL character.
    """
    try:
        with Session(engine(), expire_on_commit=False) as session, session.begin():
            yield session
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise Unavailable("DATABASE_UNAVAILABLE", "The database cannot be reached") from error
    except (DataError, UnicodeEncodeError) as error:
        raise RuleViolation(
            "VALIDATION_ERROR", "A value contains characters or numbers that cannot be kept"
        ) from error
