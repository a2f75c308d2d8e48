"""Open an account, in whatever way its owner has registered."""

from datetime import datetime

from shared.identity.application.ports import Device, IdentityUnitOfWork
from shared.identity.domain.organization import personal_organization
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.user import User, UserStatus
from shared.kernel.happenings import Happened, Happening


def open_account(
    work: IdentityUnitOfWork,
    *,
    user: User,
    what: Happening,
    now: datetime,
    device: Device | None = None,
    verification_link: str | None = None,
) -> list[MembershipView]:
    """Give a new user an organization of their own, welcome them by mail, and tell of it.

    `verification_link` goes into the mail, where the address is still to be proved.

    Raises:
        Conflict: `EMAIL_ALREADY_REGISTERED`.
    """
    work.users.add(user)
    organization, owner = personal_organization(user, now=now)
    work.organizations.add(organization, owner)
    work.happenings.record(
        Happened(
            what=what,
            organization_id=organization.id,
            subject_id=user.id,
            actor_id=user.id,
            at=now,
            details={"status": user.status},
        )
    )
    work.outbox.mail(
        "welcome",
        to=user.email,
        locale=user.locale,
        organization_id=organization.id,
        at=now,
        parameters={
            "name": user.name,
            "link": verification_link,
            "waits_for_approval": user.status == UserStatus.PENDING_APPROVAL,
        },
    )
    work.outbox.audit_sign_up(
        {
            "user_id": str(user.id),
            "email": user.email,
            "what": what,
            "status": user.status,
            "address": device and device.address,
            "user_agent": device and device.user_agent,
            "occurred_at": now.isoformat(),
        },
        organization_id=organization.id,
        at=now,
    )
    return work.organizations.of(user.id)
