"""Indexes of tables in use: built and dropped while everybody goes on reading and writing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic import op


@contextmanager
def unhurried() -> Iterator[None]:
    """After what the migration has done by now is committed; nobody waits for what takes long.

    If it ends before the end, the migration is run again from its start: what comes before this
    must bear that.
    """
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("SET statement_timeout = 0")
        yield
        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def create_index(name: str, table: str, columns: Sequence[Any], **options: Any) -> None:
    """Anew, if one was left unfinished."""
    drop_index(name, table)
    op.create_index(name, table, columns, postgresql_concurrently=True, **options)


def drop_index(name: str, table: str) -> None:
    op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
