"""Flags as they are: what the code declares, and what root has made of it, kept in the cache."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.infrastructure.cache import cache
from shared.infrastructure.database import transaction
from shared.operations.adapters.flag_tables import feature_flags
from shared.operations.domain.flag import DECLARED, Flag, FlagChanges, demand_declared

KEY = "operations:2:flags"  # the number is raised when the shape of what is cached changes
NOTHING_READ: Mapping[str, Any] = {}
_CACHED_SECONDS = 5 * 60
_SHOWN = tuple(column for column in feature_flags.c if column.name != "updated_by")


def flags() -> list[Flag]:
    """All of them, by key. It asks the cache, else the database in a transaction of its own."""
    found = {**DECLARED, **_changed()}
    return [found[key] for key in sorted(found)]


def flag(key: str) -> Flag:
    """One flag.

    Raises:
        NotFound: `FEATURE_FLAG_NOT_FOUND`.
    """
    return _changed().get(key) or demand_declared(key)


def is_on(
    key: str, organization_id: UUID | None = None, read: Mapping[str, Any] = NOTHING_READ
) -> bool:
    """Whether it is on for them; what nobody has declared or made is not.

    `read` is what somebody has read from the cache, perhaps this `KEY` as well.
    """
    found = _changed(read).get(key) or DECLARED.get(key)
    return found is not None and found.is_on_for(organization_id)


class PostgresFlags:
    def __init__(self, session: Session) -> None:
        self._session = session

    def own(self, key: str) -> Flag | None:
        wanted = feature_flags.c.key == key, feature_flags.c.is_declared.is_(False)
        row = self._session.execute(select(*_SHOWN).where(*wanted)).one_or_none()
        return _flag(row) if row else None

    def make(self, flag: Flag, *, by: UUID, at: datetime) -> Flag | None:
        made = {**asdict(flag), "created_at": at, "updated_at": at, "updated_by": by}
        row = self._session.execute(
            insert(feature_flags)
            .values(made)
            .on_conflict_do_nothing(index_elements=[feature_flags.c.key])
            .returning(*_SHOWN)
        ).one_or_none()
        return _flag(row) if row else None

    def forget(self, key: str) -> bool:
        gone = delete(feature_flags).where(feature_flags.c.key == key)
        return bool(self._session.execute(gone.returning(feature_flags.c.key)).all())

    def change(self, declared: Flag, changes: FlagChanges, *, by: UUID, at: datetime) -> Flag:
        stamped = {**changes, "updated_by": by, "updated_at": at}
        row = self._session.execute(
            insert(feature_flags)
            .values({**asdict(declared), "created_at": at, **stamped})
            .on_conflict_do_update(index_elements=[feature_flags.c.key], set_=stamped)
            .returning(*_SHOWN)
        ).one()
        return _flag(row)


@contextmanager
def begin() -> Iterator[PostgresFlags]:
    """One unit of work; the cache forgets once it is committed, or may have been."""
    try:
        with transaction() as session:
            yield PostgresFlags(session)
    finally:
        cache().delete_many([KEY])


def _changed(read: Mapping[str, Any] = NOTHING_READ) -> Mapping[str, Flag]:
    """Those that are not as declared; what is declared no more is left out."""
    found = read if KEY in read else cache().get_many([KEY])
    if KEY in found:
        return {encoded["key"]: _decoded(encoded) for encoded in found[KEY]}
    leases = cache().lease([KEY])
    with transaction() as session:
        rows = session.execute(select(*_SHOWN).order_by(feature_flags.c.key)).all()
    changed = {row.key: _flag(row) for row in rows if row.key in DECLARED or not row.is_declared}
    if KEY in leases:
        encoded = [_encoded(each) for each in changed.values()]
        cache().fill(KEY, encoded, leases[KEY], seconds=_CACHED_SECONDS)
    return changed


def _flag(row: Row[Any]) -> Flag:
    return Flag(**row._mapping)  # noqa: SLF001 its public name


def _encoded(flag: Flag) -> dict[str, Any]:
    assert flag.created_at is not None
    assert flag.updated_at is not None
    instants = {
        "created_at": flag.created_at.isoformat(),
        "updated_at": flag.updated_at.isoformat(),
    }
    return {**asdict(flag), **instants}


def _decoded(encoded: dict[str, Any]) -> Flag:
    instants = {
        name: datetime.fromisoformat(encoded[name]) for name in ("created_at", "updated_at")
    }
    return Flag(**{**encoded, **instants})
