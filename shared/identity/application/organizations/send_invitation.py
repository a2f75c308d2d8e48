"""The mail that carries an invitation, and the event that tells of it."""

from datetime import datetime

from shared.identity.application.ports import IdentityUnitOfWork, Links
from shared.identity.domain.invitation import LIFETIME, Invitation
from shared.kernel.actor import Actor
from shared.kernel.happenings import Happened, Happening


def send_invitation(
    work: IdentityUnitOfWork,
    links: Links,
    *,
    actor: Actor,
    invitation: Invitation,
    secret: str,
    again: bool,
    now: datetime,
) -> None:
    """In the language of whoever is invited, if they have an account; else of who invites."""
    inviter = work.users.get(actor.user_id)
    invited = work.users.by_email(invitation.email)
    organization = work.organizations.get_for_update(invitation.organization_id)
    assert inviter is not None, "an actor is proved"
    assert organization is not None, "it is locked"
    custom = invitation.custom_role_id and work.custom_roles.get(invitation.custom_role_id)
    role = custom.name if custom else invitation.role
    work.outbox.mail(
        "invitation",
        to=invitation.email,
        locale=(invited or inviter).locale,
        organization_id=organization.id,
        at=now,
        parameters={
            "organization_name": organization.name,
            "inviter_name": inviter.name,
            "role": role,
            "link": links.accept_invitation(secret),
            "days": LIFETIME.days,
        },
    )
    work.happenings.record(
        Happened(
            what=Happening.MEMBER_INVITED,
            organization_id=organization.id,
            subject_id=invitation.id,
            actor_id=actor.user_id,
            at=now,
            details={"role": role, "again": again},
        )
    )
