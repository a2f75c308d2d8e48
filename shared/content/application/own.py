"""What was found, if it is there and the actor's organization's."""

from typing import Protocol, TypeVar
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound


class _Owned(Protocol):
    @property
    def organization_id(self) -> UUID: ...


T = TypeVar("T", bound=_Owned)


def own(found: T | None, actor: Actor, resource: str) -> T:
    """Answer `found` itself.

    Raises:
        NotFound: `<RESOURCE>_NOT_FOUND`.
        PermissionDenied: `<RESOURCE>_ACCESS_DENIED`.
    """
    if found is None:
        raise NotFound(f"{resource.upper()}_NOT_FOUND", f"There is no such {resource}")
    actor.demand_own(found.organization_id, resource)
    return found
