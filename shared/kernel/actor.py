"""Who is asking, as every use case sees them."""

from dataclasses import dataclass
from uuid import UUID

from shared.kernel.errors import PermissionDenied
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A proven, active user acting within one organization.

    Permissions are words of the form ``resource:action``; root holds them all.
    """

    user_id: UUID
    organization_id: OrganizationId
    session_id: UUID
    permissions: frozenset[str]
    is_root: bool
    timezone: str

    def may(self, permission: str) -> bool:
        return self.is_root or permission in self.permissions

    def demand_own(self, organization_id: UUID, resource: str) -> None:
        """Refuse a thing that belongs to another organization.

        Raises:
            PermissionDenied: `<RESOURCE>_ACCESS_DENIED`.
        """
        if organization_id != self.organization_id:
            raise PermissionDenied(
                f"{resource.upper()}_ACCESS_DENIED", f"This {resource} is not yours"
            )
