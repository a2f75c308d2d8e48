"""Presets as the answers show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, and_, cast, func, or_, select

from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound
from shared.presets.adapters.people import demand_role
from shared.presets.adapters.postgres import NEAREST_FIRST, for_audience, nearest_to, preset_with
from shared.presets.adapters.tables import ui_presets
from shared.presets.domain.preset import Audience, Member, Preset, PresetScope, readable


@dataclass(frozen=True, kw_only=True)
class PresetSummary:
    """All of a preset but its settings, which may be long."""

    id: UUID
    scope: PresetScope
    name: str
    user_id: UUID | None
    role_id: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class PresetFilter:
    """All that is given must hold; a role is a word or an id."""

    scope: PresetScope | None = None
    role: str | UUID | None = None


def preset_seen_by(member: Member) -> Preset | None:
    with transaction() as session:
        return session.scalar(nearest_to(member))


def one_preset(actor: Actor, preset_id: UUID) -> Preset:
    """A preset of the actor's own, or one that members share.

    Raises:
        NotFound: `PRESET_NOT_FOUND`.
        PermissionDenied: `PRESET_ACCESS_DENIED`.
    """
    with transaction() as session:
        return readable(actor, session.scalar(preset_with(preset_id)))


def preset_for(actor: Actor, audience: Audience) -> Preset:
    """The one for these people.

    Raises:
        NotFound: `PRESET_NOT_FOUND`, or `ROLE_NOT_FOUND`.
        PermissionDenied: `ROLE_ACCESS_DENIED`.
    """
    if audience.custom_role_id is not None:
        demand_role(actor, audience.custom_role_id)
    with transaction() as session:
        found = session.scalar(select(Preset).where(*for_audience(audience, actor.organization_id)))
    if found is None:
        raise NotFound("PRESET_NOT_FOUND", "There is no preset for them yet")
    return found


def summaries(actor: Actor, wanted: PresetFilter) -> Sequence[PresetSummary]:
    """What the members of the actor's organization share, and the actor's own, nearest first."""
    shared = ui_presets.c.scope.in_([PresetScope.ROLE, PresetScope.ORGANIZATION])
    where = [
        or_(
            and_(
                ui_presets.c.organization_id == actor.organization_id,
                or_(shared, ui_presets.c.user_id == actor.user_id),
            ),
            ui_presets.c.scope == PresetScope.PLATFORM,
        )
    ]
    if wanted.scope is not None:
        where.append(ui_presets.c.scope == wanted.scope)
    if isinstance(wanted.role, UUID):
        where.append(ui_presets.c.custom_role_id == wanted.role)
    elif wanted.role is not None:
        where.append(ui_presets.c.role == wanted.role)
    columns = [
        ui_presets.c[name]
        for name in ("id", "scope", "name", "user_id", "created_at", "updated_at")
    ]
    role_id = func.coalesce(ui_presets.c.role, cast(ui_presets.c.custom_role_id, String))
    query = select(*columns, role_id.label("role_id")).where(*where)
    with transaction() as session:
        rows = session.execute(query.order_by(NEAREST_FIRST, ui_presets.c.id))
        return [PresetSummary(**row) for row in rows.mappings()]
