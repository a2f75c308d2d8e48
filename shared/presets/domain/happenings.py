"""What happens to presets, told to whoever wants to know."""

from datetime import datetime

from shared.kernel.actor import Actor
from shared.kernel.happenings import Happened, Happening
from shared.presets.domain.preset import Preset


def happened(preset: Preset, what: Happening, *, by: Actor, at: datetime) -> Happened:
    """In the organization in which somebody did it."""
    return Happened(
        what=what,
        organization_id=by.organization_id,
        subject_id=preset.id,
        actor_id=by.user_id,
        at=at,
        details={"scope": preset.scope},
    )
