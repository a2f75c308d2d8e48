"""Who is asking, as every use case sees them."""

from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from shared.kernel.errors import NotFound, PermissionDenied
from shared.kernel.ids import OrganizationId


class Owned(Protocol):
    @property
    def organization_id(self) -> UUID: ...


T = TypeVar("T", bound=Owned)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A proven, active user acting within one organization.

    Permissions are words of the form ``resource:action``; root holds them all.
    """

    user_id: UUID
    organization_id: OrganizationId
    permissions: frozenset[str]
    is_root: bool
    timezone: str

    def may(self, permission: str) -> bool:
        return self.is_root or permission in self.permissions

    def own(self, found: T | None, resource: str, *, field: str | None = None) -> T:
        """Answer what was found, if it is there and belongs to the actor's organization.

        `field` is the input that named it, where that was not the path.

        Raises:
            NotFound: `<RESOURCE>_NOT_FOUND`.
            PermissionDenied: `<RESOURCE>_ACCESS_DENIED`.
        """
        code = resource.upper()
        if found is None:
            raise NotFound(f"{code}_NOT_FOUND", f"There is no such {resource}", field=field)
        if found.organization_id != self.organization_id:
            raise PermissionDenied(
                f"{code}_ACCESS_DENIED", f"This {resource} is not yours", field=field
            )
        return found
