"""A permission given to one member directly, beside what their role says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.kernel.ids import OrganizationId


@dataclass(kw_only=True, eq=False)
class PermissionGrant:
    """`permission` is a word that a role could have as well; see `permissions.EVERY_WORD`."""

    organization_id: OrganizationId
    user_id: UUID
    permission: str
    granted_by: UUID
    created_at: datetime
