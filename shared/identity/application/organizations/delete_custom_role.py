"""Delete a role of the organization's own that nobody has."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.ports import Begin
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happened, Happening


def delete_custom_role(begin: Begin, clock: Clock, *, actor: Actor, role_id: UUID) -> None:
    """Its slug is free again.

    Raises:
        NotFound: `ROLE_NOT_FOUND`.
        PermissionDenied: `FORBIDDEN` or `ROLE_ACCESS_DENIED`.
        Conflict: `ROLE_IN_USE`, with the numbers of members and of open invitations.
    """
    with begin() as work:
        now = clock()
        acting_standing(work, actor=actor, permission="roles:manage")
        role = actor.in_organization(work.custom_roles.get(role_id), "role")
        members = len(work.memberships.user_ids(role.organization_id, custom_role_id=role.id))
        invitations = work.invitations.count_open(role.id)
        if members or invitations:
            raise Conflict(
                "ROLE_IN_USE",
                "Give its members another role first, and revoke invitations to it",
                meta={"members": members, "invitations": invitations},
            )
        role.delete(now)
        work.happenings.record(
            Happened(
                what=Happening.ROLE_DELETED,
                organization_id=role.organization_id,
                subject_id=role.id,
                actor_id=actor.user_id,
                at=now,
                details={"slug": role.slug},
            )
        )
