"""Say which permissions a member holds beside their role, all of them at once."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.change_grants import change_grants
from shared.identity.application.organizations.member import member_to_manage
from shared.identity.application.ports import Begin
from shared.identity.domain.permissions import demand_known
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def set_grants(
    begin: Begin, clock: Clock, *, actor: Actor, member_id: UUID, permissions: frozenset[str]
) -> None:
    """What is not among `permissions` is taken back; only what is new must be held to be given.

    Raises:
        NotFound: `MEMBER_NOT_FOUND`.
        PermissionDenied: `FORBIDDEN`, `INSUFFICIENT_ROLE` or `PERMISSION_NOT_HELD`.
        RuleViolation: `UNKNOWN_PERMISSION`.
    """
    demand_known(permissions, field="permissions")
    with begin() as work:
        now = clock()
        standing = acting_standing(work, actor=actor, permission="roles:manage")
        member_to_manage(work, actor=actor, standing=standing, member_id=member_id)
        had = {each.permission: each for each in work.grants.of(actor.organization_id, member_id)}
        given, taken = sorted(permissions - had.keys()), sorted(had.keys() - permissions)
        standing.demand_holds(given)
        change_grants(
            work,
            actor=actor,
            member_id=member_id,
            given=given,
            taken=[had[permission] for permission in taken],
            now=now,
        )
