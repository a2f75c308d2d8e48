"""End the session a person is in."""

from shared.identity.application.ports import Begin
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user_session import SessionEnd
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening


def log_out(begin: Begin, clock: Clock, *, actor: SignedIn) -> int:
    """Make its tokens worth nothing; answer how many sessions ended: one, unless it was over."""
    with begin() as work:
        session, now = work.sessions.get_for_update(actor.session_id), clock()
        if session is None or not session.is_live(now):
            return 0
        session.end(now, SessionEnd.LOGOUT)
        work.happenings.record(
            Happened(
                what=Happening.USER_LOGOUT,
                organization_id=actor.profile.memberships[0].organization_id,
                subject_id=actor.user_id,
                actor_id=actor.user_id,
                at=now,
                details={"session_id": str(session.id)},
            )
        )
        return 1
