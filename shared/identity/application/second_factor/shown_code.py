"""A code somebody shows as their second factor, and whether it is good."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.application.second_factor.own_change import tell
from shared.identity.application.second_factor.ports import RecoveryCodes, TotpCodes
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.domain.second_factor import FactorMethod
from shared.identity.domain.user import User
from shared.kernel.errors import Unauthenticated
from shared.kernel.happenings import Happening


@dataclass(frozen=True, kw_only=True)
class ShownCode:
    method: FactorMethod
    text: str = field(repr=False)


def is_good(
    work: IdentityUnitOfWork,
    totp_codes: TotpCodes,
    recovery_codes: RecoveryCodes,
    *,
    user: User,
    shown: ShownCode,
    now: datetime,
) -> bool:
    """Use the code up, if it is good; the caller has locked the user's row.

    Of two who show the same code at once, the second finds it used.
    """
    match shown.method:
        case FactorMethod.TOTP:
            totp = work.second_factors.totp(user.id)
            if totp is None or not totp.is_confirmed:
                return False
            step = totp_codes.matching_step(shown.text, totp, now=now)
            return step is not None and totp.accept(step)
        case FactorMethod.RECOVERY_CODE:
            code_hash = recovery_codes.hash(user.id, shown.text)
            code = work.second_factors.recovery_code(user.id, code_hash)
            if code is None:
                return False
            code.use(now)
            tell(work, Happening.RECOVERY_CODE_USED, user_id=user.id, now=now)
            write_of(work, SecurityChange.RECOVERY_CODE_USED, user=user, now=now)
            return True


def wrong_code() -> Unauthenticated:
    return Unauthenticated("INVALID_CODE", "The code is wrong, or was used before")
