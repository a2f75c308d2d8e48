"""Give a member another role."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.end_membership import demand_another_owner
from shared.identity.application.organizations.member import (
    is_service_account,
    standing_of_member,
    the_member,
)
from shared.identity.application.organizations.wanted_role import wanted_role
from shared.identity.application.ports import Begin
from shared.identity.domain.roles import Role
from shared.identity.domain.service_account import demand_role
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening


def assign_role(
    begin: Begin, clock: Clock, *, actor: Actor, member_id: UUID, wanted: Role | UUID
) -> None:
    """The member may what the role says from the next request on; oneself one may only lower.

    Raises:
        NotFound: `MEMBER_NOT_FOUND` or `ROLE_NOT_FOUND`.
        PermissionDenied: `FORBIDDEN`, `INSUFFICIENT_ROLE`, `PERMISSION_NOT_HELD` or
            `ROLE_ACCESS_DENIED`.
        Conflict: `LAST_OWNER`.
        RuleViolation: `SERVICE_ACCOUNT_CANNOT_OWN`.
    """
    with begin() as work:
        standing = acting_standing(work, actor=actor, permission="members:manage")
        membership = the_member(work, actor=actor, member_id=member_id)
        role = wanted_role(work, actor=actor, wanted=wanted)
        if (membership.role, membership.custom_role_id) == (role.role, role.custom_role_id):
            return
        if member_id == actor.user_id:
            standing.demand_above(role.standing)
        else:
            standing.demand_above(standing_of_member(work, membership))
            standing.demand_may_give(role.standing)
        if is_service_account(work, member_id):
            demand_role(role.role)
        if membership.role is Role.OWNER:
            demand_another_owner(work, membership.organization_id, member_id)
        membership.role, membership.custom_role_id = role.role, role.custom_role_id
        work.happenings.record(
            Happened(
                what=Happening.ROLE_ASSIGNED,
                organization_id=membership.organization_id,
                subject_id=member_id,
                actor_id=actor.user_id,
                at=clock(),
                details={"role": role.name},
            )
        )
