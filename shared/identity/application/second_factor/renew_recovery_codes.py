"""Ten new recovery codes in place of the old ones, shown this once."""

from shared.identity.application.ports import AttemptLimits, Begin
from shared.identity.application.second_factor.own_change import tell
from shared.identity.application.second_factor.ports import RecoveryCodes, TotpCodes
from shared.identity.application.second_factor.shown_code import ShownCode, is_good, wrong_code
from shared.identity.application.sessions.move_session import lock_session
from shared.identity.domain.attempts import PROOF_BY_ACCOUNT
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.kernel.happenings import Happening


def renew_recovery_codes(
    begin: Begin,
    totp_codes: TotpCodes,
    recovery_codes: RecoveryCodes,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    shown: ShownCode,
) -> list[str]:
    """The old ones open nothing from now on.

    Raises:
        NotFound: `SECOND_FACTOR_NOT_FOUND`.
        Unauthenticated: `INVALID_CODE`; or see `lock_session`.
        PermissionDenied: see `lock_session`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    limits.count(PROOF_BY_ACCOUNT.by(actor.user_id))
    now = clock()
    with begin() as work:
        user, _ = lock_session(work, actor=actor, now=now)
        if not work.second_factors.methods(user.id):
            raise NotFound("SECOND_FACTOR_NOT_FOUND", "No second factor is enabled")
        if not is_good(work, totp_codes, recovery_codes, user=user, shown=shown, now=now):
            raise wrong_code()
        codes, kept = recovery_codes.new(user.id, now=now)
        work.second_factors.replace_recovery_codes(user.id, kept)
        tell(work, Happening.RECOVERY_CODES_RENEWED, user_id=user.id, now=now)
    limits.forget(PROOF_BY_ACCOUNT.by(actor.user_id))
    return codes
