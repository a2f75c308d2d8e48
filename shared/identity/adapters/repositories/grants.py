"""What was granted to members directly, in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.identity.adapters.access_tables import permission_grants
from shared.identity.domain.permission_grant import PermissionGrant
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True)
class PostgresGrants:
    _session: Session

    def add(self, grant: PermissionGrant) -> None:
        self._session.add(grant)

    def get(
        self, organization_id: OrganizationId, user_id: UUID, permission: str
    ) -> PermissionGrant | None:
        return self._session.scalar(
            select(PermissionGrant).where(
                permission_grants.c.organization_id == organization_id,
                permission_grants.c.user_id == user_id,
                permission_grants.c.permission == permission,
            )
        )

    def of(self, organization_id: OrganizationId, user_id: UUID) -> list[PermissionGrant]:
        return list(
            self._session.scalars(
                select(PermissionGrant).where(
                    permission_grants.c.organization_id == organization_id,
                    permission_grants.c.user_id == user_id,
                )
            )
        )

    def remove(self, grant: PermissionGrant) -> None:
        self._session.delete(grant)
