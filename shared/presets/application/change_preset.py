"""Change some of a preset's settings."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.presets.application.ports import Begin
from shared.presets.domain.happenings import happened
from shared.presets.domain.preset import Preset, changeable


def change_preset(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    preset_id: UUID,
    name: str | None,
    changes: Mapping[str, Any],
) -> Preset:
    """Merge the changes into what it says: arrays are replaced, None takes a setting away.

    Raises:
        NotFound: `PRESET_NOT_FOUND`.
        PermissionDenied: `PRESET_ACCESS_DENIED` or `FORBIDDEN`.
        RuleViolation: see `Preset.make`.
    """
    now = clock()
    with begin() as work:
        preset = changeable(actor, work.presets.get_for_update(preset_id))
        preset.change(name=name, changes=changes, now=now)
        work.happenings.record(happened(preset, Happening.UI_PRESET_UPDATED, by=actor, at=now))
    return preset
