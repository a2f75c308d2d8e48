"""Enable the second factor: the authenticator app has shown its first right code."""

from shared.identity.application.accounts.lock_maker import lock_maker
from shared.identity.application.ports import AttemptLimits, Begin
from shared.identity.application.second_factor.own_change import tell
from shared.identity.application.second_factor.ports import RecoveryCodes, TotpCodes
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.application.second_factor.shown_code import wrong_code
from shared.identity.domain.attempts import PROOF_BY_ACCOUNT
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happening


def confirm_totp(
    begin: Begin,
    totp_codes: TotpCodes,
    recovery_codes: RecoveryCodes,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    code: str,
) -> list[str]:
    """Answers the recovery codes, which nobody can be shown again.

    Raises:
        Conflict: `SECOND_FACTOR_NOT_BEGUN` or `SECOND_FACTOR_ALREADY_ENABLED`.
        Unauthenticated: `INVALID_CODE`; or see `lock_maker`.
        PermissionDenied: see `lock_maker`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    limits.count(PROOF_BY_ACCOUNT.by(actor.user_id))
    now = clock()
    with begin() as work:
        user = lock_maker(work, actor=actor, now=now)
        totp = work.second_factors.totp(actor.user_id)
        if totp is None:
            raise Conflict("SECOND_FACTOR_NOT_BEGUN", "There is no secret to confirm")
        if totp.is_confirmed:
            raise Conflict("SECOND_FACTOR_ALREADY_ENABLED", "The second factor is enabled already")
        step = totp_codes.matching_step(code, totp, now=now)
        if step is None or not totp.accept(step):
            raise wrong_code()
        totp.confirm(now)
        shown, kept = recovery_codes.new(actor.user_id, now=now)
        work.second_factors.replace_recovery_codes(actor.user_id, kept)
        tell(work, Happening.SECOND_FACTOR_ENABLED, user_id=actor.user_id, now=now)
        write_of(work, SecurityChange.SECOND_FACTOR_ENABLED, user=user, now=now)
    limits.forget(PROOF_BY_ACCOUNT.by(actor.user_id))
    return shown
