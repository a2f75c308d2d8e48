"""The password, shown once more by somebody who is signed in."""

from typing import Any

from shared.identity.application.ports import AttemptLimits, Begin, Passwords
from shared.identity.domain.attempts import PROOF_BY_ACCOUNT
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.second_factor import is_fresh
from shared.kernel.clock import Clock
from shared.kernel.errors import PermissionDenied, Unauthenticated


def demand_password(
    begin: Begin,
    passwords: Passwords,
    limits: AttemptLimits,
    *,
    actor: SignedIn,
    password: str,
    field: str = "password",
) -> str:
    """Refuse whoever does not know it, outside of any transaction, for it takes its time.

    Answers the hash it was proved by.

    Raises:
        Unauthenticated: `INVALID_CURRENT_PASSWORD`, with how many attempts remain; also of a person
            who has none.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    attempt = PROOF_BY_ACCOUNT.by(actor.user_id)
    limits.count(attempt)
    with begin() as work:
        user = work.users.get(actor.user_id)
    known = user.password_hash if user else None
    if not passwords.matches(password, known) or known is None:
        raise wrong_password(field, meta={"attempts_remaining": limits.left(attempt)})
    limits.forget(attempt)
    return known


def wrong_password(field: str, meta: dict[str, Any] | None = None) -> Unauthenticated:
    return Unauthenticated(
        "INVALID_CURRENT_PASSWORD", "The password is wrong", field=field, meta=meta
    )


def demand_fresh_proof(
    begin: Begin,
    passwords: Passwords,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    password: str | None,
) -> None:
    """Refuse who signed in some time ago and does not show the password either.

    A session that was stolen, or left open, must not be turned into a way in of its own: what
    gives a person another key asks who is there first. A recent sign-in is proof enough and the
    only one there is for a person without a password.

    Raises:
        PermissionDenied: `FRESH_PROOF_NEEDED`.
        Unauthenticated: `INVALID_CURRENT_PASSWORD`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    if password is not None:
        demand_password(begin, passwords, limits, actor=actor, password=password)
        return
    with begin() as work:
        session = work.sessions.get_for_update(actor.session_id)
    if session is None or not is_fresh(session.created_at, clock()):
        raise PermissionDenied(
            "FRESH_PROOF_NEEDED", "Send the password too, or sign in again and come back at once"
        )
