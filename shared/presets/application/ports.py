"""What presets need from outside, in their own words."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.happenings import Happenings
from shared.kernel.ids import OrganizationId
from shared.presets.domain.preset import Audience, Member, Preset


class Presets(Protocol):
    def add(self, preset: Preset) -> None:
        """Keep a new one.

        Raises:
            Conflict: `PRESET_EXISTS`, another for the same people.
        """

    def get(self, preset_id: UUID) -> Preset | None: ...

    def get_for_update(self, preset_id: UUID) -> Preset | None:
        """The preset as it is now, locked until the unit of work ends."""

    def find(self, audience: Audience, organization_id: OrganizationId) -> Preset | None:
        """The only one for these people, locked until the unit of work ends."""

    def seen_by(self, member: Member) -> Preset | None:
        """The nearest to that member."""

    def remove(self, preset: Preset) -> None: ...


class PresetsUnitOfWork(Protocol):
    """Everything inside one transaction."""

    @property
    def presets(self) -> Presets: ...

    @property
    def happenings(self) -> Happenings: ...


Begin = Callable[[], AbstractContextManager[PresetsUnitOfWork]]

FindMember = Callable[[UUID, OrganizationId], Member]
"""A user, as a member of that organization, or, where they are none, of their first.

Raises `NotFound`, `USER_NOT_FOUND`."""

DemandRole = Callable[[Actor, UUID], object]
"""Refuses a role that is not one of the organization's own: `ROLE_NOT_FOUND` or
`ROLE_ACCESS_DENIED`."""
