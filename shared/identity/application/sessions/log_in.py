"""Log in with e-mail and password, telling strangers nothing about the account."""

from shared.identity.application.ports import Begin, Device, LoginLimits, Passwords, SessionTokens
from shared.identity.application.sessions.open_session import OpenedSession, open_session
from shared.identity.domain.email import normalise_email
from shared.kernel.clock import Clock
from shared.kernel.errors import Unauthenticated


def log_in(
    begin: Begin,
    passwords: Passwords,
    tokens: SessionTokens,
    limits: LoginLimits,
    clock: Clock,
    *,
    email: str,
    password: str,
    device: Device,
) -> OpenedSession:
    """The account's status is told only to somebody who knows its password.

    Limits are looked at again after the password was verified, so that guesses sent all at once
    learn no more than guesses sent one after the other.

    Raises:
        Unauthenticated: `INVALID_CREDENTIALS`; whether the account exists makes no difference.
        PermissionDenied: `ACCOUNT_PENDING_APPROVAL` or `ACCOUNT_DISABLED`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    email = normalise_email(email)
    limits.check_login(email, device.address)
    with begin() as work:
        known = work.users.by_email(email)
    proved = known.password_hash if known else None
    if not passwords.matches(password, proved) or known is None or proved is None:
        limits.count_failed_login(email, device.address)
        raise _refused()
    limits.check_login(email, device.address)
    current = passwords.hash(password) if passwords.is_outdated(proved) else proved
    now = clock()
    with begin() as work:
        user = work.users.get_for_update(known.id)
        if user is None or user.password_hash != proved:
            raise _refused()
        user.log_in(now=now, password_hash=current)
        opened = open_session(
            work,
            tokens,
            user=user,
            memberships=work.organizations.of(user.id),
            device=device,
            now=now,
        )
    limits.forget_failed_logins(email)
    return opened


def _refused() -> Unauthenticated:
    return Unauthenticated("INVALID_CREDENTIALS", "E-mail or password is wrong")
