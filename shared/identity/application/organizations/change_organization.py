"""Rename an organization, or say how many sessions its members may have at a time."""

from shared.identity.application.organizations.acting_standing import (
    acting_standing,
    lock_organization,
)
from shared.identity.application.ports import Begin
from shared.identity.domain.name import plain_name
from shared.identity.domain.organization import Organization, SessionPolicy
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening


def change_organization(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    name: str | None = None,
    session_policy: SessionPolicy | None = None,
) -> Organization:
    """Change what is given; sessions that are open stay, whatever the new policy.

    Raises:
        PermissionDenied: `FORBIDDEN`.
        RuleViolation: `VALIDATION_ERROR`; the name.
    """
    with begin() as work:
        acting_standing(work, actor=actor, permission="organization:update")
        organization, now = lock_organization(work, actor), clock()
        before = organization.name, organization.session_policy
        if name is not None:
            organization.name = plain_name(name)
        if session_policy is not None:
            organization.session_policy = session_policy
        if (organization.name, organization.session_policy) != before:
            organization.updated_at = now
            work.profiles.changed(work.memberships.user_ids(organization.id))
            work.happenings.record(
                Happened(
                    what=Happening.ORGANIZATION_UPDATED,
                    organization_id=organization.id,
                    subject_id=organization.id,
                    actor_id=actor.user_id,
                    at=now,
                    details={
                        "name": organization.name,
                        "session_policy": organization.session_policy,
                    },
                )
            )
        return organization
