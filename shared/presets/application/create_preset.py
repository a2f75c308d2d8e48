"""Make a preset of one's own, from nothing or out of another."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, RuleViolation
from shared.kernel.happenings import Happening
from shared.presets.application.ports import Begin, PresetsUnitOfWork
from shared.presets.domain.happenings import happened
from shared.presets.domain.preset import Audience, Member, Preset, PresetScope, readable
from shared.presets.domain.settings_document import merged, settled

CLONED_NAME = "Personal Settings"


def create_preset(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    member: Member,
    name: str,
    settings: Mapping[str, Any],
) -> Preset:
    """Store a member's own, which they see from now on instead of any other.

    Raises:
        RuleViolation: see `Preset.make`.
        Conflict: `PRESET_EXISTS`, with the id of the one they have.
    """
    now = clock()
    preset = Preset.make(
        _own(member),
        organization_id=member.organization_id,
        created_by=actor.user_id,
        name=name,
        settings=settings,
        now=now,
    )
    with begin() as work:
        _add(work, preset, member)
        work.happenings.record(happened(preset, Happening.USER_PRESET_CREATED, by=actor, at=now))
    return preset


def clone_preset(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    member: Member,
    source_id: UUID,
    modifications: Mapping[str, Any],
) -> Preset:
    """Store a member's own that says what the source says, but for the modifications.

    Raises:
        NotFound: `SOURCE_PRESET_NOT_FOUND`.
        PermissionDenied: `SOURCE_PRESET_ACCESS_DENIED`.
        RuleViolation: `INVALID_SOURCE`, it is somebody's own; see `Preset.make`.
        Conflict: `PRESET_EXISTS`, with the id of the one they have.
    """
    now, changes = clock(), settled(modifications)
    with begin() as work:
        source = readable(actor, work.presets.get(source_id), resource="source_preset")
        if source.scope == PresetScope.USER:
            raise RuleViolation("INVALID_SOURCE", "Only presets that others share can be cloned")
        preset = Preset.make(
            _own(member),
            organization_id=member.organization_id,
            created_by=actor.user_id,
            name=CLONED_NAME,
            settings=merged(source.settings, changes),
            now=now,
        )
        _add(work, preset, member)
        work.happenings.record(happened(preset, Happening.UI_PRESET_CLONED, by=actor, at=now))
    return preset


def _own(member: Member) -> Audience:
    return Audience(scope=PresetScope.USER, user_id=member.user_id)


def _add(work: PresetsUnitOfWork, preset: Preset, member: Member) -> None:
    existing = work.presets.find(_own(member), member.organization_id)
    if existing is not None:
        raise Conflict(
            "PRESET_EXISTS",
            "There is a preset of their own already: change that, or delete it first",
            meta={"existing_preset_id": str(existing.id)},
        )
    work.presets.add(preset)
