"""What happens to presets, told to whoever wants to know."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId
from shared.presets.domain.preset import Preset, PresetScope


class PresetHappening(StrEnum):
    USER_PRESET_CREATED = "USER_PRESET_CREATED"
    UI_PRESET_CLONED = "UI_PRESET_CLONED"
    UI_PRESET_UPDATED = "UI_PRESET_UPDATED"
    UI_PRESET_DELETED = "UI_PRESET_DELETED"
    ROLE_PRESET_CREATED = "ROLE_PRESET_CREATED"
    ROLE_PRESET_UPDATED = "ROLE_PRESET_UPDATED"
    GLOBAL_PRESET_CREATED = "GLOBAL_PRESET_CREATED"
    GLOBAL_PRESET_UPDATED = "GLOBAL_PRESET_UPDATED"


@dataclass(frozen=True, kw_only=True)
class HappenedToPreset:
    """In the organization in which somebody did it."""

    what: PresetHappening
    organization_id: OrganizationId
    preset_id: UUID
    scope: PresetScope
    actor_id: UUID
    at: datetime


def happened(preset: Preset, what: PresetHappening, *, by: Actor, at: datetime) -> HappenedToPreset:
    return HappenedToPreset(
        what=what,
        organization_id=by.organization_id,
        preset_id=preset.id,
        scope=preset.scope,
        actor_id=by.user_id,
        at=at,
    )
