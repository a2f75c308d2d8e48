"""Lists of records, the newest first, by their ids, which sort by time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, select

from shared.kernel.actor import Actor
from shared.kernel.cursor import Cursor
from shared.operations.adapters.records_reach import in_time, reading, within_sight

_ORDER = "newest"


@dataclass(frozen=True, kw_only=True)
class RecordFilter:
    """All that is given must hold: `equal` by column, and `where`; `end` is not in the range."""

    begin: datetime | None = None
    end: datetime | None = None
    organization_id: UUID | None = None
    equal: Mapping[str, Any]
    where: Sequence[ColumnElement[bool]] = ()


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """`next_cursor` is nothing after the last page. Nobody counts records."""

    items: Sequence[Row[Any]]
    next_cursor: str | None


def page_of_records(
    table: Table, actor: Actor, wanted: RecordFilter, *, limit: int, cursor: str
) -> RecordPage:
    """A page of what the actor may see.

    Raises:
        PermissionDenied: another organization's.
        RuleViolation: `INVALID_CURSOR`.
    """
    with reading() as session:
        rows = session.execute(list_of(table, actor, wanted, limit=limit, cursor=cursor)).all()
    has_more = len(rows) > limit
    last = Cursor(order=_ORDER, key=None, id=rows[limit - 1].id) if has_more else None
    return RecordPage(items=rows[:limit], next_cursor=last.written() if last else None)


def list_of(
    table: Table, actor: Actor, wanted: RecordFilter, *, limit: int, cursor: str
) -> Select[Any]:
    """One more than are shown, to know whether there are more."""
    where = [
        *within_sight(table, actor, wanted.organization_id),
        *in_time(table, wanted.begin, wanted.end),
        *wanted.where,
        *(table.c[name] == value for name, value in wanted.equal.items() if value is not None),
    ]
    if cursor:
        where.append(table.c.id < Cursor.read(cursor, order=_ORDER).id)
    return select(table).where(*where).order_by(table.c.id.desc()).limit(limit + 1)
