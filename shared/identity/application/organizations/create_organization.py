"""Make one more organization, owned by whoever makes it."""

from shared.identity.application.ports import Begin
from shared.identity.domain.name import plain_name
from shared.identity.domain.organization import found_organization
from shared.identity.domain.profile import MembershipView
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happened, Happening


def create_organization(
    begin: Begin, clock: Clock, *, actor: Actor, name: str, maximum: int
) -> MembershipView:
    """The session stays where it is; see `switch_organization`. Who owns `maximum` makes no more.

    Raises:
        RuleViolation: `VALIDATION_ERROR`; the name.
        Conflict: `ORGANIZATION_LIMIT_REACHED`.
    """
    with begin() as work:
        work.users.get_for_update(actor.user_id)
        if work.memberships.count_owned(actor.user_id) >= maximum:
            raise Conflict(
                "ORGANIZATION_LIMIT_REACHED",
                "You own as many organizations as a person may: hand one over first",
                meta={"maximum": maximum},
            )
        now = clock()
        organization, owner = found_organization(
            name=plain_name(name), owner_id=actor.user_id, now=now
        )
        work.organizations.add(organization, owner)
        work.happenings.record(
            Happened(
                what=Happening.ORGANIZATION_CREATED,
                organization_id=organization.id,
                subject_id=organization.id,
                actor_id=actor.user_id,
                at=now,
                details={"name": organization.name},
            )
        )
        return MembershipView(
            organization_id=organization.id, organization_name=organization.name, role=owner.role
        )
