"""Who belongs to an organization and as what, kept somewhere."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.identity.domain.custom_role import CustomRole
from shared.identity.domain.invitation import Invitation
from shared.identity.domain.organization import Membership
from shared.identity.domain.permission_grant import PermissionGrant
from shared.identity.domain.profile import MembershipView
from shared.kernel.ids import OrganizationId


class Memberships(Protocol):
    """Whoever changes one has locked its organization: `Organizations.get_for_update`."""

    def add(self, membership: Membership) -> None: ...

    def get(self, organization_id: OrganizationId, user_id: UUID) -> Membership | None: ...

    def view(self, organization_id: OrganizationId, user_id: UUID) -> MembershipView | None:
        """As it is now, with all that the member may."""

    def has_email(self, organization_id: OrganizationId, email: str) -> bool:
        """Whether somebody with that address is a member; it is normalised."""

    def remove(self, membership: Membership) -> None:
        """With what was granted to the member directly."""

    def count_other_owners(self, organization_id: OrganizationId, user_id: UUID) -> int:
        """Those with a live and active account; others could not act."""

    def count_owned(self, user_id: UUID) -> int:
        """How many organizations a person owns, alone or with others."""

    def heir(self, organization_id: OrganizationId, user_id: UUID) -> Membership | None:
        """Of the others with a live and active account, who is highest and longest there.

        A person, that is: no program becomes an owner.
        """

    def user_ids(
        self, organization_id: OrganizationId, *, custom_role_id: UUID | None = None
    ) -> list[UUID]:
        """All members with live accounts, or those of them with that role."""


class CustomRoles(Protocol):
    """Whoever writes one has locked its organization."""

    def add(self, role: CustomRole) -> None:
        """Add a new role.

        Raises:
            Conflict: `ROLE_SLUG_TAKEN`.
        """

    def get(self, role_id: UUID) -> CustomRole | None:
        """A live role, of whatever organization."""

    def count(self, organization_id: OrganizationId) -> int: ...


class Grants(Protocol):
    """Whoever writes one has locked its organization."""

    def add(self, grant: PermissionGrant) -> None: ...

    def get(
        self, organization_id: OrganizationId, user_id: UUID, permission: str
    ) -> PermissionGrant | None: ...

    def of(self, organization_id: OrganizationId, user_id: UUID) -> list[PermissionGrant]: ...

    def remove(self, grant: PermissionGrant) -> None: ...


class Invitations(Protocol):
    """Whoever writes one has locked its organization."""

    def add(self, invitation: Invitation) -> None: ...

    def get(self, invitation_id: UUID) -> Invitation | None: ...

    def organization_of(self, token_hash: str) -> OrganizationId | None:
        """Which organization the invitation with that secret is into."""

    def by_token(self, token_hash: str) -> Invitation | None: ...

    def open_to(self, organization_id: OrganizationId, email: str) -> Invitation | None:
        """Neither accepted nor revoked, perhaps expired."""

    def count_good(self, organization_id: OrganizationId, *, now: datetime) -> int:
        """Those of an organization that can still be accepted."""

    def sent_by(self, organization_id: OrganizationId, user_id: UUID) -> list[Invitation]:
        """Into the organization by that member; neither accepted nor revoked, perhaps expired."""

    def count_open(self, custom_role_id: UUID) -> int:
        """Neither accepted nor revoked, perhaps expired."""


class Profiles(Protocol):
    def changed(self, user_ids: Collection[UUID]) -> None:
        """What is seen of these users is no longer as it was, though none of them was written.

        Whatever was remembered of them is forgotten once the unit of work is committed.
        """
