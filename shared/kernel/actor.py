"""Who is asking, as every use case sees them, and how far they reach.

A permission is a word ``resource:action``; with the condition ``:own`` it reaches no further than
what its holder has created. A route says which permission it is about, and hands its use case an
actor who is `exercising` it: from then on `own` judges by the condition as well, and so does
`within_reach` (`shared.infrastructure.reach`) for lists. Nobody has to ask for it.
"""

from dataclasses import dataclass, replace
from typing import Protocol, Self, TypeVar
from uuid import UUID

from shared.kernel.errors import NotFound, PermissionDenied
from shared.kernel.ids import OrganizationId

_OWN = ":own"


class Owned(Protocol):
    @property
    def organization_id(self) -> UUID: ...


T = TypeVar("T", bound=Owned)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A proven, active user acting within one organization; root holds every permission.

    `only_own`: the permission that is exercised is held with the condition ``:own`` only.
    `channels` are the only ones a program may use that acts for the user; None: all there are.
    """

    user_id: UUID
    organization_id: OrganizationId
    permissions: frozenset[str]
    is_root: bool
    timezone: str
    only_own: bool = False
    channels: frozenset[str] | None = None

    def may(self, permission: str) -> bool:
        """At least with what is the actor's own: to hold ``posts:write:own`` counts here."""
        return self.is_root or not self.permissions.isdisjoint({permission, permission + _OWN})

    def exercising(self, permission: str) -> Self:
        """The same actor, reaching as far as this permission does.

        Raises:
            PermissionDenied: `FORBIDDEN`; it is not held.
        """
        if not self.may(permission):
            raise PermissionDenied("FORBIDDEN", f"This needs the permission {permission}")
        only_own = not self.is_root and permission not in self.permissions
        return self if only_own == self.only_own else replace(self, only_own=only_own)

    def own(self, found: T | None, resource: str, *, field: str | None = None) -> T:
        """Answer what was found, if it is there and within the actor's reach.

        For the things that the permission is about. `field` is the input that named it, where
        that was not the path. Whoever reaches only their own has none that nobody has created.

        Raises:
            NotFound: `<RESOURCE>_NOT_FOUND`.
            PermissionDenied: `<RESOURCE>_ACCESS_DENIED`.
        """
        found = self.in_organization(found, resource, field=field)
        if not self.reaches(found):
            raise self._denied(resource, field)
        return found

    def in_organization(self, found: T | None, resource: str, *, field: str | None = None) -> T:
        """The same for a thing of another kind, named along the way, whoever has created it.

        What belongs to a channel that the actor may not use is out of reach in either way.

        Raises:
            NotFound: `<RESOURCE>_NOT_FOUND`.
            PermissionDenied: `<RESOURCE>_ACCESS_DENIED`.
        """
        if found is None:
            raise NotFound(
                f"{resource.upper()}_NOT_FOUND", f"There is no such {resource}", field=field
            )
        if not self._shares(found):
            raise self._denied(resource, field)
        return found

    def reaches(self, thing: Owned) -> bool:
        """Whether `own` answers it."""
        is_near = not self.only_own or getattr(thing, "created_by", None) == self.user_id
        return is_near and self._shares(thing)

    def _shares(self, thing: Owned) -> bool:
        is_near = thing.organization_id == self.organization_id
        return is_near and self.may_use(getattr(thing, "channel", None))

    def may_use(self, channel: str | None) -> bool:
        """Whether the channel, if it is one at all, is among those the actor may use."""
        return self.channels is None or channel is None or channel in self.channels

    def demand_channel(self, channel: str) -> None:
        """Refuse a channel that the actor may not use.

        Raises:
            PermissionDenied: `CHANNEL_ACCESS_DENIED`.
        """
        if not self.may_use(channel):
            raise self._denied("channel", "channel_id")

    @staticmethod
    def _denied(resource: str, field: str | None) -> PermissionDenied:
        return PermissionDenied(
            f"{resource.upper()}_ACCESS_DENIED", f"This {resource} is not yours", field=field
        )
