"""Whoever is about to make another way into their account, at the moment in which it is made."""

from datetime import datetime

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.application.sessions.move_session import lock_session
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user import User, demand_proved_address


def lock_maker(work: IdentityUnitOfWork, *, actor: SignedIn, now: datetime) -> User:
    """The actor, locked, in a session that has not ended meanwhile.

    A request may have waited for whoever reset the password and ended the session that sent it:
    what it would make now would outlive that. So every use case that adds a key, a passkey or an
    authenticator app begins with this.

    Raises:
        Unauthenticated, PermissionDenied: see `lock_session` and `demand_proved_address`.
    """
    user, _ = lock_session(work, actor=actor, now=now)
    demand_proved_address(user)
    return user
