"""How far an actor reaches into records: their organization's, and root into everybody's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Table
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied
from shared.kernel.ids import earliest_id

_SLACK = timedelta(hours=1)
"""How long after it happened a record's id may have been made, or before."""

_FIRST, _LAST = datetime(1971, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
"""Between them there are ids of moments."""


@contextmanager
def reading() -> Iterator[Session]:
    """A transaction in which everybody's records may be read: `within_sight` says whose are."""
    with transaction() as session:
        yield session


def within_sight(
    table: Table, actor: Actor, organization_id: UUID | None = None
) -> list[ColumnElement[bool]]:
    """The conditions that an actor sees no more than they may; root may ask for one organization.

    Raises:
        PermissionDenied: `ORGANIZATION_ACCESS_DENIED`; `CHANNEL_ACCESS_DENIED`, records tell of
            every channel, and this program may use but some.
    """
    if actor.channels is not None:
        raise PermissionDenied("CHANNEL_ACCESS_DENIED", "Records tell of all channels")
    if not actor.is_root:
        if organization_id not in {None, actor.organization_id}:
            raise PermissionDenied(
                "ORGANIZATION_ACCESS_DENIED",
                "This organization is not yours",
                field="organization_id",
            )
        return [table.c.organization_id == actor.organization_id]
    return [] if organization_id is None else [table.c.organization_id == organization_id]


def in_time(
    table: Table, begin: datetime | None, end: datetime | None
) -> list[ColumnElement[bool]]:
    """The conditions of a range, its end not in it; ids lead to the partitions that have it."""
    found: list[ColumnElement[bool]] = []
    if begin is not None:
        found.append(table.c.occurred_at >= begin)
        if begin > _FIRST:
            found.append(table.c.id >= earliest_id(begin - _SLACK))
    if end is not None:
        found.append(table.c.occurred_at < end)
        if _FIRST < end < _LAST:
            found.append(table.c.id < earliest_id(end + _SLACK))
    return found
