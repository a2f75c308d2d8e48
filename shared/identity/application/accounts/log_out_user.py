"""End all sessions of somebody, or of oneself, as root."""

from uuid import UUID

from shared.identity.application.accounts.locked_user import locked_user
from shared.identity.application.ports import Begin
from shared.identity.application.sessions.end_sessions import end_sessions
from shared.identity.domain.user_session import SessionEnd
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def log_out_user(begin: Begin, clock: Clock, *, actor: Actor, user_id: UUID) -> int:
    """Answer how many sessions there were; the user may sign in again at once.

    Raises:
        NotFound: `USER_NOT_FOUND`.
    """
    with begin() as work:
        user = locked_user(work, user_id)
        return end_sessions(
            work, user_id=user.id, kind=SessionEnd.REVOKED, ended_by=actor.user_id, now=clock()
        )
