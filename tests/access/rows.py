"""Rows copied from one another, so that each call finds one that no call before it has used up."""

import json
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.infrastructure.database import metadata
from shared.kernel.ids import new_id

_numbers = count()


def copy(database: Connection, table: str, original: UUID, **changes: Any) -> UUID:
    """A row like `original` with an id of its own; answers that."""
    identity = new_id()
    _insert(database, table, "id = :original", {"id": identity, **changes}, original=original)
    return identity


def copy_membership(database: Connection, of: UUID, **changes: Any) -> None:
    _insert(database, "memberships", "user_id = :original", changes, original=of)


def distinct() -> str:
    """Something no other row has."""
    return f"distinct-{next(_numbers)}"


def minute() -> str:
    """A time of day that no other row has, for a day's worth of rows."""
    return "{:02}:{:02}".format(*divmod(next(_numbers) % (24 * 60), 60))


def _insert(
    database: Connection, table: str, where: str, changes: dict[str, Any], **named: Any
) -> None:
    columns = [f"one.{each.name}" for each in metadata.tables[table].c if each.computed is None]
    listed = ", ".join(columns)
    inserted = database.execute(
        text(
            f"INSERT INTO {table} ({listed.replace('one.', '')}) SELECT {listed} FROM"
            f" (SELECT (jsonb_populate_record(one, CAST(:changed AS jsonb))).* FROM {table} one"
            f" WHERE {where} LIMIT 1) one"
        ),
        {"changed": json.dumps(changes, default=str), **named},
    )
    assert inserted.rowcount == 1, f"the row of {table} to copy is gone"
