"""A preset: how the front end looks, to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound, PermissionDenied, broken, demand_none
from shared.kernel.ids import OrganizationId, new_id
from shared.kernel.text import demand_storable, plain_name
from shared.presets.domain.settings_document import Settings, merged, settled

NAME_LENGTH = 255
MANAGE = "ui_presets:manage"
CONFIGURE = "platform:configure"


class PresetScope(StrEnum):
    """Whom a preset is for, the nearest first: who has one of their own sees no other."""

    USER = "user"
    ROLE = "role"
    ORGANIZATION = "organization"
    PLATFORM = "platform"


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Whom a preset is for: a member, a role, an organization, or everybody.

    A role is a built-in one, by its word, or one of the organization's own, by its id.
    """

    scope: PresetScope
    user_id: UUID | None = None
    role: str | None = None
    custom_role_id: UUID | None = None

    @classmethod
    def of_role(cls, role: str | UUID) -> "Audience":
        if isinstance(role, UUID):
            return cls(scope=PresetScope.ROLE, custom_role_id=role)
        return cls(scope=PresetScope.ROLE, role=role)


ORGANIZATION = Audience(scope=PresetScope.ORGANIZATION)
PLATFORM = Audience(scope=PresetScope.PLATFORM)


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody in an organization, and as what: `role` counts where there is no custom one."""

    user_id: UUID
    organization_id: OrganizationId
    role: str
    custom_role_id: UUID | None = None


@dataclass(kw_only=True, eq=False)
class Preset:
    """The settings are whole: whoever sees this preset sees nothing of a farther one.

    The platform's is kept by the organization in which it was made, and seen by all.
    """

    id: UUID
    organization_id: OrganizationId
    scope: PresetScope
    user_id: UUID | None
    role: str | None
    custom_role_id: UUID | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    name: str = ""
    settings: Settings

    @classmethod
    def make(
        cls,
        audience: Audience,
        *,
        organization_id: OrganizationId,
        created_by: UUID,
        name: str,
        settings: Mapping[str, Any],
        now: datetime,
    ) -> "Preset":
        """A new one.

        Raises:
            RuleViolations: see `settled`; `VALIDATION_ERROR`, the name.
        """
        sound_name, sound_settings = _sound(name, settings)
        return cls(
            id=new_id(),
            organization_id=organization_id,
            scope=audience.scope,
            user_id=audience.user_id,
            role=audience.role,
            custom_role_id=audience.custom_role_id,
            created_by=created_by,
            created_at=now,
            updated_at=now,
            name=sound_name,
            settings=sound_settings,
        )

    def replace(self, *, name: str, settings: Mapping[str, Any], now: datetime) -> None:
        """Have it say this and nothing of what it said before.

        Raises:
            RuleViolation: see `make`.
        """
        self.name, self.settings = _sound(name, settings)
        self.updated_at = now

    def change(self, *, name: str | None, changes: Mapping[str, Any], now: datetime) -> None:
        """Merge the changes into the settings, see `merged`.

        Raises:
            RuleViolation: see `make`.
        """
        self.name, wanted = _sound(self.name if name is None else name, changes)
        self.settings = settled(merged(self.settings, wanted))
        self.updated_at = now

    @property
    def role_id(self) -> str | None:
        """As paths name the role: the word of a built-in one, else its id."""
        return self.role or (str(self.custom_role_id) if self.custom_role_id else None)

    @property
    def is_global(self) -> bool:
        return self.scope in {PresetScope.ORGANIZATION, PresetScope.PLATFORM}

    @property
    def is_default(self) -> bool:
        """Whether it is what people see who have none of their own."""
        return self.scope != PresetScope.USER


def readable(actor: Actor, found: Preset | None, *, resource: str = "preset") -> Preset:
    """Answer what was found, if it is the actor's own or one that members see.

    Raises:
        NotFound: `<RESOURCE>_NOT_FOUND`.
        PermissionDenied: `<RESOURCE>_ACCESS_DENIED`.
    """
    if found is None:
        raise NotFound(f"{resource.upper()}_NOT_FOUND", "There is no such preset")
    is_near = found.organization_id == actor.organization_id
    match found.scope:
        case PresetScope.PLATFORM:
            return found
        case PresetScope.USER if actor.is_root or (is_near and found.user_id == actor.user_id):
            return found
        case PresetScope.ROLE | PresetScope.ORGANIZATION if is_near:
            return found
    raise PermissionDenied(f"{resource.upper()}_ACCESS_DENIED", "This preset is not yours")


def changeable(actor: Actor, found: Preset | None) -> Preset:
    """Answer what was found, if it is the actor's to change.

    One's own is; those of a role and of the organization are for whoever manages presets in it,
    the platform's is for root.

    Raises:
        NotFound: `PRESET_NOT_FOUND`.
        PermissionDenied: `PRESET_ACCESS_DENIED` or `FORBIDDEN`.
    """
    preset = readable(actor, found)
    match preset.scope:
        case PresetScope.PLATFORM:
            actor.exercising(CONFIGURE)
        case PresetScope.ROLE | PresetScope.ORGANIZATION:
            actor.exercising(MANAGE)
    return preset


def _sound(name: str, settings: Mapping[str, Any]) -> tuple[str, Settings]:
    """Both as they are kept, telling all that is wrong with either."""
    demand_none(
        [
            *broken(lambda: sound_name(name), "name"),
            *broken(lambda: settled(settings), "settings"),
        ]
    )
    return sound_name(name), settled(settings)


def sound_name(name: str) -> str:
    """The name as it is kept.

    Raises:
        RuleViolation: `VALIDATION_ERROR`.
    """
    demand_storable(name)
    return plain_name(name, NAME_LENGTH)
