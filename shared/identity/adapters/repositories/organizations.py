"""Organizations and who belongs to them, in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from shared.identity.adapters import queries
from shared.identity.domain.organization import Membership, Organization
from shared.identity.domain.profile import MembershipView


@dataclass(frozen=True)
class PostgresOrganizations:
    _session: Session

    def add(self, organization: Organization, owner: Membership) -> None:
        self._session.add(organization)
        self._session.flush()
        self._session.add(owner)

    def of(self, user_id: UUID) -> list[MembershipView]:
        return queries.memberships_of(self._session, [user_id])[user_id]
