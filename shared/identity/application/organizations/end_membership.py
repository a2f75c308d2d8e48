"""What it means that somebody no longer belongs to an organization."""

from datetime import datetime
from uuid import UUID

from shared.identity.application.keys.key_events import told_of_revoked
from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.organization import Membership, personal_organization
from shared.identity.domain.roles import Role
from shared.identity.domain.user import User
from shared.identity.domain.user_session import SessionEnd
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happened, Happening
from shared.kernel.ids import OrganizationId


def end_membership(
    work: IdentityUnitOfWork,
    *,
    user: User,
    membership: Membership,
    ended_by: UUID,
    now: datetime,
    but: UUID | None = None,
) -> None:
    """Sessions there end, `but` perhaps one, and what else acts for the member is revoked.

    That is the keys that act as them, and the invitations they sent that nobody has accepted yet.
    Keys they made for service accounts go on, for the programs are the organization's: the event
    names them, so that whoever stays can rotate what the member may still know.

    The user's row and their sessions are locked, and after them the organization. Everybody
    belongs somewhere: who has no organization left gets one of their own.

    Raises:
        Conflict: `LAST_OWNER`.
    """
    if membership.role is Role.OWNER:
        demand_another_owner(work, membership.organization_id, user.id)
    for session in work.sessions.open_ones(user.id):
        if session.organization_id == membership.organization_id and session.id != but:
            session.end(now, SessionEnd.REVOKED)
            work.happenings.record(
                Happened(
                    what=Happening.SESSION_REVOKED,
                    organization_id=membership.organization_id,
                    subject_id=session.id,
                    actor_id=ended_by,
                    at=now,
                    details={"end_kind": session.end_kind},
                )
            )
    for key in work.api_keys.good_ones(user.id, now=now):
        if key.organization_id == membership.organization_id:
            key.revoke(by=ended_by, now=now)
            work.happenings.record(told_of_revoked(key, by=ended_by, at=now))
    _take_invitations_back(work, membership, by=ended_by, now=now)
    known = work.api_keys.good_ones_made_by(user.id, membership.organization_id, now=now)
    work.memberships.remove(membership)
    if not work.organizations.of(user.id):
        work.organizations.add(*personal_organization(user, now=now))
    work.happenings.record(
        Happened(
            what=Happening.MEMBER_REMOVED,
            organization_id=membership.organization_id,
            subject_id=user.id,
            actor_id=ended_by,
            at=now,
            details={
                "role": membership.role,
                "keys_to_rotate": [{"id": str(key.id), "name": key.name} for key in known],
            },
        )
    )


def _take_invitations_back(
    work: IdentityUnitOfWork, membership: Membership, *, by: UUID, now: datetime
) -> None:
    for invitation in work.invitations.sent_by(membership.organization_id, membership.user_id):
        invitation.revoke(now)
        work.happenings.record(
            Happened(
                what=Happening.INVITATION_REVOKED,
                organization_id=membership.organization_id,
                subject_id=invitation.id,
                actor_id=by,
                at=now,
                details={"sender_left": True},
            )
        )


def demand_another_owner(
    work: IdentityUnitOfWork, organization_id: OrganizationId, user_id: UUID
) -> None:
    """Refuse to leave an organization to nobody who could act for it.

    Raises:
        Conflict: `LAST_OWNER`.
    """
    if work.memberships.count_other_owners(organization_id, user_id) == 0:
        raise Conflict("LAST_OWNER", "An organization keeps an owner: make somebody else one first")
