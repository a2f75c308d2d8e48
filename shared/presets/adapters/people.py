"""Members and roles, asked of identity."""

from uuid import UUID

from shared.identity import api as identity
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound
from shared.kernel.ids import OrganizationId
from shared.presets.domain.preset import Member


def find_member(user_id: UUID, organization_id: OrganizationId) -> Member:
    """A live user, as a member of that organization, or, where they are none, of their first.

    Raises:
        NotFound: `USER_NOT_FOUND`, also of somebody who belongs nowhere.
    """
    profile = identity.one_user(user_id)
    membership = profile.within(organization_id) or next(iter(profile.memberships), None)
    if membership is None:
        raise NotFound("USER_NOT_FOUND", "This user belongs to no organization")
    return member_of(user_id, membership)


def member_of(user_id: UUID, membership: identity.MembershipView) -> Member:
    return Member(
        user_id=user_id,
        organization_id=membership.organization_id,
        role=membership.role,
        custom_role_id=membership.custom_role.id if membership.custom_role else None,
    )


def demand_role(actor: Actor, role_id: UUID) -> None:
    """Refuse a role that is not one of the organization's own.

    Raises:
        NotFound: `ROLE_NOT_FOUND`.
        PermissionDenied: `ROLE_ACCESS_DENIED`.
    """
    identity.one_custom_role(actor, role_id)
