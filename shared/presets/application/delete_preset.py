"""Take a preset away, so that a farther one is seen."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.presets.application.ports import Begin
from shared.presets.domain.happenings import happened
from shared.presets.domain.preset import Audience, Member, Preset, PresetScope, changeable


def delete_preset(begin: Begin, clock: Clock, *, actor: Actor, preset_id: UUID) -> None:
    """Delete for good.

    Raises:
        NotFound: `PRESET_NOT_FOUND`.
        PermissionDenied: `PRESET_ACCESS_DENIED` or `FORBIDDEN`.
    """
    with begin() as work:
        preset = changeable(actor, work.presets.get_for_update(preset_id))
        work.presets.remove(preset)
        work.happenings.record(happened(preset, Happening.UI_PRESET_DELETED, by=actor, at=clock()))


def reset_preset(begin: Begin, clock: Clock, *, actor: Actor, member: Member) -> Preset | None:
    """Delete a member's own, if there is one; answer what they see from now on."""
    own = Audience(scope=PresetScope.USER, user_id=member.user_id)
    with begin() as work:
        preset = work.presets.find(own, member.organization_id)
        if preset is not None:
            work.presets.remove(preset)
            work.happenings.record(
                happened(preset, Happening.UI_PRESET_DELETED, by=actor, at=clock())
            )
        return work.presets.seen_by(member)
