"""Hand an organization over to another member."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import lock_organization
from shared.identity.application.organizations.end_membership import demand_another_owner
from shared.identity.application.organizations.member import is_service_account, the_member
from shared.identity.application.ports import Begin
from shared.identity.domain.roles import Role
from shared.identity.domain.service_account import demand_role
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import PermissionDenied, RuleViolation
from shared.kernel.happenings import Happened, Happening


def transfer_ownership(begin: Begin, clock: Clock, *, actor: Actor, member_id: UUID) -> None:
    """The other member is an owner from now on, and the one who was an admin.

    Raises:
        PermissionDenied: `INSUFFICIENT_ROLE`; the actor is no owner.
        NotFound: `MEMBER_NOT_FOUND`.
        RuleViolation: `ALREADY_YOURS` or `SERVICE_ACCOUNT_CANNOT_OWN`.
        Conflict: `LAST_OWNER`; the other member's account is not active.
    """
    if member_id == actor.user_id:
        raise RuleViolation("ALREADY_YOURS", "Name another member", field="member_id")
    with begin() as work:
        lock_organization(work, actor)
        own = work.memberships.get(actor.organization_id, actor.user_id)
        if own is None or own.role is not Role.OWNER:
            raise PermissionDenied("INSUFFICIENT_ROLE", "Only an owner may hand it over")
        heir = the_member(work, actor=actor, member_id=member_id)
        if is_service_account(work, member_id):
            demand_role(Role.OWNER)
        heir.role, heir.custom_role_id = Role.OWNER, None
        demand_another_owner(work, actor.organization_id, actor.user_id)
        own.role = Role.ADMIN
        work.happenings.record(
            Happened(
                what=Happening.OWNERSHIP_TRANSFERRED,
                organization_id=actor.organization_id,
                subject_id=member_id,
                actor_id=actor.user_id,
                at=clock(),
            )
        )
