"""A user as others may see them, with their role in each organization; and one who signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.identity.domain.roles import Role, permissions_of
from shared.identity.domain.user import User, UserStatus
from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True, kw_only=True)
class MembershipView:
    """An organization a user belongs to, and as what."""

    organization_id: OrganizationId
    organization_name: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Profile:
    """`memberships` come oldest first: the first is the personal organization."""

    id: UUID
    email: str
    name: str
    avatar_url: str | None
    auth_method: str
    status: UserStatus
    is_root: bool
    timezone: str
    locale: str
    created_at: datetime
    last_login_at: datetime | None
    memberships: tuple[MembershipView, ...]

    @classmethod
    def of(cls, user: User, memberships: Sequence[MembershipView]) -> "Profile":
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            avatar_url=user.avatar_url,
            auth_method=user.auth_method,
            status=user.status,
            is_root=user.is_root,
            timezone=user.timezone,
            locale=user.locale,
            created_at=user.created_at,
            last_login_at=user.last_login_at,
            memberships=tuple(memberships),
        )

    def within(self, organization_id: UUID) -> MembershipView | None:
        return next(
            (each for each in self.memberships if each.organization_id == organization_id),
            None,
        )

    def permissions(self, membership: MembershipView) -> frozenset[str]:
        return permissions_of(membership.role, is_root=self.is_root)


@dataclass(frozen=True, kw_only=True)
class SignedIn(Actor):
    """An actor with the profile it was proved by, so that nothing is asked for twice."""

    session_id: UUID
    profile: Profile
    membership: MembershipView
