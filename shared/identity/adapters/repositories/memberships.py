"""Who belongs to an organization and as what, in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from shared.identity.adapters.access_tables import permission_grants
from shared.identity.adapters.memberships import membership
from shared.identity.adapters.tables import memberships, users
from shared.identity.domain.organization import Membership
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.roles import Role
from shared.identity.domain.user import AuthMethod, UserStatus
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True)
class PostgresMemberships:
    _session: Session

    def add(self, membership: Membership) -> None:
        self._session.add(membership)
        self._session.flush()

    def get(self, organization_id: OrganizationId, user_id: UUID) -> Membership | None:
        """As it is now: it may have been read before the organization was locked."""
        return self._session.scalar(
            select(Membership)
            .where(
                memberships.c.organization_id == organization_id,
                memberships.c.user_id == user_id,
            )
            .execution_options(populate_existing=True)
        )

    def view(self, organization_id: OrganizationId, user_id: UUID) -> MembershipView | None:
        return membership(self._session, organization_id, user_id)

    def has_email(self, organization_id: OrganizationId, email: str) -> bool:
        known = (
            select(memberships.c.user_id)
            .join(users, users.c.id == memberships.c.user_id)
            .where(
                memberships.c.organization_id == organization_id,
                users.c.email == email,
                users.c.deleted_at.is_(None),
            )
        )
        return bool(self._session.scalar(select(known.exists())))

    def remove(self, membership: Membership) -> None:
        self._session.execute(
            delete(permission_grants).where(
                permission_grants.c.organization_id == membership.organization_id,
                permission_grants.c.user_id == membership.user_id,
            )
        )
        self._session.delete(membership)
        self._session.flush()

    def count_other_owners(self, organization_id: OrganizationId, user_id: UUID) -> int:
        return (
            self._session.scalar(
                select(func.count())
                .select_from(memberships)
                .join(users, users.c.id == memberships.c.user_id)
                .where(
                    memberships.c.organization_id == organization_id,
                    memberships.c.user_id != user_id,
                    memberships.c.role == Role.OWNER,
                    users.c.status == UserStatus.ACTIVE,
                    users.c.deleted_at.is_(None),
                )
            )
            or 0
        )

    def count_owned(self, user_id: UUID) -> int:
        wanted = (memberships.c.user_id == user_id) & (memberships.c.role == Role.OWNER)
        return self._session.scalar(select(func.count()).where(wanted)) or 0

    def heir(self, organization_id: OrganizationId, user_id: UUID) -> Membership | None:
        rank = case({role: place for place, role in enumerate(Role)}, value=memberships.c.role)
        return self._session.scalar(
            select(Membership)
            .join(users, users.c.id == memberships.c.user_id)
            .where(
                memberships.c.organization_id == organization_id,
                memberships.c.user_id != user_id,
                users.c.status == UserStatus.ACTIVE,
                users.c.auth_method != AuthMethod.KEY,
                users.c.deleted_at.is_(None),
            )
            .order_by(rank, memberships.c.created_at, memberships.c.user_id)
            .limit(1)
            .execution_options(populate_existing=True)
        )

    def user_ids(
        self, organization_id: OrganizationId, *, custom_role_id: UUID | None = None
    ) -> list[UUID]:
        wanted = (
            select(memberships.c.user_id)
            .join(users, users.c.id == memberships.c.user_id)
            .where(memberships.c.organization_id == organization_id, users.c.deleted_at.is_(None))
        )
        if custom_role_id is not None:
            wanted = wanted.where(memberships.c.custom_role_id == custom_role_id)
        return list(self._session.scalars(wanted))
