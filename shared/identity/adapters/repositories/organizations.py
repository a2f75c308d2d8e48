"""Organizations and who belongs to them, in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from shared.identity.adapters.memberships import memberships_of
from shared.identity.adapters.tables import organizations
from shared.identity.domain.organization import Membership, Organization, SessionPolicy
from shared.identity.domain.profile import MembershipView
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True)
class PostgresOrganizations:
    _session: Session

    def add(self, organization: Organization, owner: Membership) -> None:
        self._session.add(organization)
        self._session.flush()
        self._session.add(owner)
        self._session.flush()

    def of(self, user_id: UUID) -> list[MembershipView]:
        return memberships_of(self._session, [user_id])[user_id]

    def session_policy(self, organization_id: OrganizationId) -> SessionPolicy:
        wanted = select(organizations.c.session_policy).where(organizations.c.id == organization_id)
        policy: SessionPolicy = self._session.scalars(wanted).one()
        return policy

    def exists(self, organization_id: UUID) -> bool:
        known = select(exists().where(organizations.c.id == organization_id))
        return bool(self._session.scalar(known))

    def get_for_update(self, organization_id: OrganizationId) -> Organization | None:
        """Not in the way of rows that merely refer to the organization."""
        return self._session.scalar(
            select(Organization)
            .where(organizations.c.id == organization_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
