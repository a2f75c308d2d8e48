"""Sign in without a second factor again."""

from datetime import datetime

from shared.identity.application.ports import AttemptLimits, Begin, IdentityUnitOfWork, Passwords
from shared.identity.application.second_factor.own_change import tell
from shared.identity.application.second_factor.own_password import demand_password
from shared.identity.application.second_factor.ports import RecoveryCodes, TotpCodes
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.application.second_factor.shown_code import ShownCode, is_good, wrong_code
from shared.identity.application.sessions.move_session import lock_session
from shared.identity.domain.attempts import PROOF_BY_ACCOUNT
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user import User
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.kernel.happenings import Happening


def disable_totp_by_password(
    begin: Begin,
    passwords: Passwords,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    password: str,
) -> None:
    """Disable what is enabled, and forget a secret that was never confirmed.

    Raises:
        NotFound: `SECOND_FACTOR_NOT_FOUND`.
        Unauthenticated: `INVALID_CURRENT_PASSWORD`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    demand_password(begin, passwords, limits, actor=actor, password=password)
    with begin() as work:
        now = clock()
        _disable(work, _locked(work, actor, now), now=now)


def disable_totp_by_code(
    begin: Begin,
    totp_codes: TotpCodes,
    recovery_codes: RecoveryCodes,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    shown: ShownCode,
) -> None:
    """The same for who shows a code.

    Raises:
        NotFound: `SECOND_FACTOR_NOT_FOUND`.
        Unauthenticated: `INVALID_CODE`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    limits.count(PROOF_BY_ACCOUNT.by(actor.user_id))
    now = clock()
    with begin() as work:
        user = _locked(work, actor, now)
        if not is_good(work, totp_codes, recovery_codes, user=user, shown=shown, now=now):
            raise wrong_code()
        _disable(work, user, now=now)
    limits.forget(PROOF_BY_ACCOUNT.by(actor.user_id))


def _locked(work: IdentityUnitOfWork, actor: SignedIn, now: datetime) -> User:
    user, _ = lock_session(work, actor=actor, now=now)
    if work.second_factors.totp(user.id) is None:
        raise NotFound("SECOND_FACTOR_NOT_FOUND", "No second factor is enabled")
    return user


def _disable(work: IdentityUnitOfWork, user: User, *, now: datetime) -> None:
    was_enabled = bool(work.second_factors.methods(user.id))
    work.second_factors.disable(user.id)
    if was_enabled:
        tell(work, Happening.SECOND_FACTOR_DISABLED, user_id=user.id, now=now)
        write_of(work, SecurityChange.SECOND_FACTOR_DISABLED, user=user, now=now)
