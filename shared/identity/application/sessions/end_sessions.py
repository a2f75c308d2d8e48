"""End a user's sessions: from now on neither their access tokens nor their refresh tokens are good.

`end_sessions` is a step of whatever ends them all: a new password, an account that is closed.
"""

from datetime import datetime
from uuid import UUID

from shared.identity.application.ports import Begin, IdentityUnitOfWork
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user_session import SessionEnd, UserSession
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound, PermissionDenied
from shared.kernel.happenings import Happened, Happening


def end_sessions(
    work: IdentityUnitOfWork,
    *,
    user_id: UUID,
    kind: SessionEnd,
    ended_by: UUID | None,
    now: datetime,
    but: UUID | None = None,
) -> int:
    """End all but one and answer how many; the caller has locked the user's row."""
    ending = [session for session in work.sessions.open_ones(user_id) if session.id != but]
    for session in ending:
        session.end(now, kind)
    work.happenings.record(*(_revoked(session, ended_by, now) for session in ending))
    return len(ending)


def log_out_everywhere(begin: Begin, clock: Clock, *, actor: SignedIn, but_here: bool) -> int:
    """End the sessions of the person who asks, perhaps `but_here`; answer how many."""
    with begin() as work:
        work.users.get_for_update(actor.user_id)
        return end_sessions(
            work,
            user_id=actor.user_id,
            kind=SessionEnd.REVOKED if but_here else SessionEnd.LOGOUT,
            ended_by=actor.user_id,
            now=clock(),
            but=actor.session_id if but_here else None,
        )


def revoke_session(begin: Begin, clock: Clock, *, actor: SignedIn, session_id: UUID) -> None:
    """End one session of one's own, this or another.

    Raises:
        NotFound: `SESSION_NOT_FOUND`; there is none, or it is over.
        PermissionDenied: `SESSION_ACCESS_DENIED`; it is somebody else's.
    """
    with begin() as work:
        session, now = work.sessions.get_for_update(session_id), clock()
        if session is not None and session.user_id != actor.user_id:
            raise PermissionDenied("SESSION_ACCESS_DENIED", "This session is not yours")
        if session is None or not session.is_live(now):
            raise NotFound("SESSION_NOT_FOUND", "There is no such session")
        session.end(now, SessionEnd.REVOKED)
        work.happenings.record(_revoked(session, actor.user_id, now))


def _revoked(session: UserSession, ended_by: UUID | None, now: datetime) -> Happened:
    return Happened(
        what=Happening.SESSION_REVOKED,
        organization_id=session.organization_id,
        subject_id=session.id,
        actor_id=ended_by,
        at=now,
        details={"end_kind": session.end_kind},
    )
