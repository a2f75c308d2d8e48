"""A user as others may see them, with their place in each organization; and one who signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.identity.domain.roles import Role, permissions_of
from shared.identity.domain.user import Status, User
from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True, kw_only=True)
class Affiliation:
    """An organization a user belongs to, and as what."""

    organization_id: OrganizationId
    organization_name: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class Profile:
    """`affiliations` come oldest first: the first is the personal organization."""

    id: UUID
    email: str
    name: str
    avatar_url: str | None
    auth_method: str
    status: Status
    is_root: bool
    timezone: str
    locale: str
    created_at: datetime
    last_login_at: datetime | None
    affiliations: tuple[Affiliation, ...]

    @classmethod
    def of(cls, user: User, affiliations: Sequence[Affiliation]) -> "Profile":
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
            affiliations=tuple(affiliations),
        )

    def within(self, organization_id: UUID) -> Affiliation | None:
        return next(
            (place for place in self.affiliations if place.organization_id == organization_id),
            None,
        )

    def permissions(self, affiliation: Affiliation) -> frozenset[str]:
        return permissions_of(affiliation.role, is_root=self.is_root)


@dataclass(frozen=True, kw_only=True)
class SignedIn(Actor):
    """An actor with the profile it was proved by, so that nothing is asked for twice."""

    profile: Profile
    affiliation: Affiliation
