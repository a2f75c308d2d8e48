"""A user as others may see them, with their role in each organization; and one who signed in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from shared.identity.domain.custom_role import CustomRole
from shared.identity.domain.roles import PERMISSIONS, ROOT_PERMISSIONS, Role
from shared.identity.domain.standing import Standing
from shared.identity.domain.user import User, UserStatus
from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True, kw_only=True)
class CustomRoleView:
    """A role an organization made for itself."""

    id: UUID
    slug: str
    name: str
    permissions: frozenset[str]

    @classmethod
    def of(cls, role: CustomRole) -> "CustomRoleView":
        return cls(
            id=role.id, slug=role.slug, name=role.name, permissions=frozenset(role.permissions)
        )


@dataclass(frozen=True, kw_only=True)
class MembershipView:
    """An organization a user belongs to, and as what.

    `granted` are the permissions given to this member directly, beside the role.
    """

    organization_id: OrganizationId
    organization_name: str
    role: Role
    custom_role: CustomRoleView | None = None
    granted: frozenset[str] = frozenset()

    @property
    def role_name(self) -> str:
        """The built-in role, or the slug of the custom one, which is never the same word."""
        return self.custom_role.slug if self.custom_role else self.role

    @property
    def permissions(self) -> frozenset[str]:
        """All that the member holds; what root may beyond it is not in here."""
        by_role = self.custom_role.permissions if self.custom_role else PERMISSIONS[self.role]
        return by_role | self.granted if self.granted else by_role

    @property
    def standing(self) -> Standing:
        return Standing(role=None if self.custom_role else self.role, permissions=self.permissions)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """`memberships` come oldest first: the first is the personal organization."""

    id: UUID
    email: str
    email_verified: bool
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
            email_verified=user.email_verified_at is not None,
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
        """What the user may in that organization; root may everything."""
        return ROOT_PERMISSIONS if self.is_root else membership.permissions


@dataclass(frozen=True, kw_only=True)
class SignedIn(Actor):
    """An actor with the profile it was proved by, so that nothing is asked for twice."""

    session_id: UUID
    session_version: int
    profile: Profile
    membership: MembershipView

    def as_member(self, permission: str) -> Self:
        """The same person, reaching as far as the permission does, else to what is their own.

        Root is a member like the others here.
        """
        held = self.membership.permissions
        return replace(self, is_root=False, permissions=held, only_own=permission not in held)


@dataclass(frozen=True, kw_only=True)
class ByKey(Actor):
    """A program that acts for a user by an API key, with what it was proved by."""

    key_id: UUID
    profile: Profile
    membership: MembershipView
