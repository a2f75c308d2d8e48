"""Begin to set up an authenticator app: a secret to scan, shown this once."""

from dataclasses import dataclass, field

from shared.identity.application.accounts.lock_maker import lock_maker
from shared.identity.application.ports import AttemptLimits, Begin, Passwords
from shared.identity.application.second_factor.own_password import demand_fresh_proof
from shared.identity.application.second_factor.ports import TotpCodes
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict


@dataclass(frozen=True, kw_only=True)
class BegunTotp:
    """The secret in base32, by itself and as apps read it from a QR code."""

    secret: str = field(repr=False)
    otpauth_uri: str = field(repr=False)


def begin_totp(
    begin: Begin,
    passwords: Passwords,
    totp_codes: TotpCodes,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    password: str | None,
) -> BegunTotp:
    """Nothing is asked for at sign-in before a code of the secret has confirmed it.

    Raises:
        Conflict: `SECOND_FACTOR_ALREADY_ENABLED`.
        PermissionDenied, Unauthenticated, LimitExceeded: see `demand_fresh_proof`, `lock_maker`.
    """
    demand_fresh_proof(begin, passwords, limits, clock, actor=actor, password=password)
    with begin() as work:
        now = clock()
        user = lock_maker(work, actor=actor, now=now)
        known = work.second_factors.totp(user.id)
        if known is not None and known.is_confirmed:
            raise Conflict("SECOND_FACTOR_ALREADY_ENABLED", "The second factor is enabled already")
        sealed, secret = totp_codes.new(user.id, now=now)
        work.second_factors.begin_totp(sealed)
        return BegunTotp(secret=secret, otpauth_uri=totp_codes.uri(secret, account=user.email))
