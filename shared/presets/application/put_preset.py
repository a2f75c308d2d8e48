"""Decide what those see who have no preset of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.presets.application.ports import Begin, DemandRole
from shared.presets.domain.happenings import happened
from shared.presets.domain.preset import Audience, Preset, PresetScope


@dataclass(frozen=True, kw_only=True)
class Put:
    preset: Preset
    is_new: bool


def put_preset(
    begin: Begin,
    demand_role: DemandRole,
    clock: Clock,
    *,
    actor: Actor,
    audience: Audience,
    name: str,
    settings: Mapping[str, Any],
) -> Put:
    """Store one for a role, the organization or everybody in place of the one there was, if any.

    Raises:
        NotFound: `ROLE_NOT_FOUND`.
        PermissionDenied: `ROLE_ACCESS_DENIED`.
        RuleViolation: see `Preset.make`.
        Conflict: `PRESET_EXISTS`, somebody has made one at this very moment.
    """
    if audience.custom_role_id is not None:
        demand_role(actor, audience.custom_role_id)
    now = clock()
    made = Preset.make(
        audience,
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        name=name,
        settings=settings,
        now=now,
    )
    is_of_role = audience.scope == PresetScope.ROLE
    with begin() as work:
        existing = work.presets.find(audience, actor.organization_id)
        if existing is None:
            preset = made
            work.presets.add(preset)
            what = Happening.ROLE_PRESET_CREATED if is_of_role else Happening.GLOBAL_PRESET_CREATED
        else:
            preset = existing
            preset.replace(name=name, settings=settings, now=now)
            what = Happening.ROLE_PRESET_UPDATED if is_of_role else Happening.GLOBAL_PRESET_UPDATED
        work.happenings.record(happened(preset, what, by=actor, at=now))
    return Put(preset=preset, is_new=existing is None)
