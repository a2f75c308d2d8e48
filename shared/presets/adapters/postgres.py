"""Presets in PostgreSQL, and the unit of work around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId
from shared.operations.api.events import RecordedHappenings
from shared.presets.adapters.tables import ui_presets
from shared.presets.domain.preset import Audience, Member, Preset, PresetScope

NEAREST_FIRST = case(
    {scope: place for place, scope in enumerate(PresetScope)}, value=ui_presets.c.scope
)


def preset_with(preset_id: UUID) -> Select[Preset]:
    return select(Preset).where(ui_presets.c.id == preset_id)


def nearest_to(member: Member) -> Select[Preset]:
    """What the member sees, in one query: their own, their role's, the organization's, everybody's.

    The custom role counts where there is one, the built-in one where there is none.
    """
    is_of_role = (
        ui_presets.c.custom_role_id == member.custom_role_id
        if member.custom_role_id is not None
        else ui_presets.c.role == member.role
    )
    within = and_(
        ui_presets.c.organization_id == member.organization_id,
        or_(
            ui_presets.c.user_id == member.user_id,
            is_of_role,
            ui_presets.c.scope == PresetScope.ORGANIZATION,
        ),
    )
    return (
        select(Preset)
        .where(or_(within, ui_presets.c.scope == PresetScope.PLATFORM))
        .order_by(NEAREST_FIRST)
        .limit(1)
    )


def for_audience(audience: Audience, organization_id: OrganizationId) -> list[ColumnElement[bool]]:
    """The conditions that a preset is for these people."""
    where = [ui_presets.c.scope == audience.scope]
    if audience.scope != PresetScope.PLATFORM:
        where.append(ui_presets.c.organization_id == organization_id)
    named = {
        ui_presets.c.user_id: audience.user_id,
        ui_presets.c.role: audience.role,
        ui_presets.c.custom_role_id: audience.custom_role_id,
    }
    return where + [column == name for column, name in named.items() if name is not None]


class PostgresPresets:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, preset: Preset) -> None:
        self._session.add(preset)
        try:
            self._session.flush()
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation):
                raise Conflict("PRESET_EXISTS", "There is one for the same people") from error
            raise

    def get(self, preset_id: UUID) -> Preset | None:
        return self._session.scalar(preset_with(preset_id))

    def get_for_update(self, preset_id: UUID) -> Preset | None:
        return self._locked(preset_with(preset_id))

    def find(self, audience: Audience, organization_id: OrganizationId) -> Preset | None:
        return self._locked(select(Preset).where(*for_audience(audience, organization_id)))

    def seen_by(self, member: Member) -> Preset | None:
        return self._session.scalar(nearest_to(member))

    def remove(self, preset: Preset) -> None:
        self._session.delete(preset)

    def _locked(self, query: Select[Preset]) -> Preset | None:
        locked = query.with_for_update().execution_options(populate_existing=True)
        return self._session.scalar(locked)


@dataclass(frozen=True)
class PostgresPresetsWork:
    presets: PostgresPresets
    happenings: RecordedHappenings


@contextmanager
def begin() -> Iterator[PostgresPresetsWork]:
    with transaction() as session:
        yield PostgresPresetsWork(PostgresPresets(session), RecordedHappenings(session))
