"""End the session a person is in."""

from shared.identity.application.ports import Begin
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user_session import SessionEnd
from shared.kernel.clock import Clock


def log_out(begin: Begin, clock: Clock, *, actor: SignedIn) -> None:
    """From now on neither the access tokens nor the refresh token of the session are good."""
    with begin() as work:
        session = work.sessions.get_for_update(actor.session_id)
        if session is not None:
            session.end(clock(), SessionEnd.LOGOUT)
