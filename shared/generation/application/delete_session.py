"""Take a session, and its suggestions with it, off every list."""

from uuid import UUID

from shared.generation.application.ports import Begin
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def delete_session(begin: Begin, clock: Clock, *, actor: Actor, session_id: UUID) -> None:
    """What was accepted of it stays; it goes on counting.

    Raises:
        NotFound, PermissionDenied: `SESSION_NOT_FOUND`, `SESSION_ACCESS_DENIED`.
    """
    now = clock()
    with begin() as work:
        actor.own(work.sessions.get_for_update(session_id), "session").delete(now=now)
