"""Begin to add a passkey: what a person's device is to make."""

from typing import Any

from shared.identity.application.accounts.lock_maker import lock_maker
from shared.identity.application.passkeys.challenges import new_challenge
from shared.identity.application.passkeys.ports import Ceremonies
from shared.identity.application.ports import AttemptLimits, Begin, OneTimeSecrets, Passwords
from shared.identity.application.second_factor.own_password import demand_fresh_proof
from shared.identity.domain.one_time_token import TokenPurpose
from shared.identity.domain.passkey import MAXIMUM_PASSKEYS
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict


def ask_for_passkey(  # noqa: PLR0917 collaborators
    begin: Begin,
    passwords: Passwords,
    ceremonies: Ceremonies,
    secrets: OneTimeSecrets,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    password: str | None,
) -> dict[str, Any]:
    """A passkey signs in by itself and outlives the session, so its maker proves who they are.

    Raises:
        Conflict: `TOO_MANY_PASSKEYS`.
        PermissionDenied, Unauthenticated, LimitExceeded: see `demand_fresh_proof`, `lock_maker`.
    """
    demand_fresh_proof(begin, passwords, limits, clock, actor=actor, password=password)
    with begin() as work:
        now = clock()
        user = lock_maker(work, actor=actor, now=now)
        known = work.passkeys.of(user.id)
        if len(known) >= MAXIMUM_PASSKEYS:
            raise too_many()
        challenge = new_challenge(
            work,
            secrets,
            TokenPurpose.PASSKEY_REGISTRATION,
            now=now,
            user_id=user.id,
            session_id=actor.session_id,
        )
    return ceremonies.creation_options(challenge, user=user, known=known)


def too_many() -> Conflict:
    return Conflict("TOO_MANY_PASSKEYS", f"Nobody needs more than {MAXIMUM_PASSKEYS} passkeys")
