"""Log in with e-mail and password, telling strangers nothing about the account."""

from shared.identity.application.ports import (
    AttemptLimits,
    Begin,
    Device,
    OneTimeSecrets,
    Passwords,
    SessionTokens,
)
from shared.identity.application.sessions.admit import SecondFactorNeeded, admit
from shared.identity.application.sessions.open_session import OpenedSession
from shared.identity.domain.attempts import LOGIN_BY_ACCOUNT, LOGIN_BY_ADDRESS, LOGIN_BY_PAIR
from shared.identity.domain.email import normalise_email
from shared.identity.domain.proof import ProvedBy
from shared.identity.domain.user import User
from shared.kernel.clock import Clock
from shared.kernel.errors import Unauthenticated
from shared.kernel.happenings import Happened, Happening
from shared.kernel.ids import new_id


def log_in(  # noqa: PLR0917 collaborators
    begin: Begin,
    passwords: Passwords,
    tokens: SessionTokens,
    secrets: OneTimeSecrets,
    limits: AttemptLimits,
    clock: Clock,
    *,
    email: str,
    password: str,
    device: Device,
    browser: bool = False,
) -> OpenedSession | SecondFactorNeeded:
    """The account's status is told only to somebody who knows its password.

    Limits are looked at again after the password was verified, so that guesses sent all at once
    learn no more than guesses sent one after the other.

    Raises:
        Unauthenticated: `INVALID_CREDENTIALS`; whether the account exists makes no difference.
        PermissionDenied: see `demand_active`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    email = normalise_email(email)
    by_pair = LOGIN_BY_PAIR.between(email, device.address)
    by_account, by_address = LOGIN_BY_ACCOUNT.by(email), LOGIN_BY_ADDRESS.at(device.address)
    limits.check(by_pair, by_account, by_address)
    with begin() as work:
        known = work.users.by_email(email)
    proved = known.password_hash if known else None
    if not passwords.matches(password, proved) or known is None or proved is None:
        limits.count(by_pair, by_account, by_address)
        _tell_of_failure(begin, clock, known)
        raise _refused()
    limits.check(by_pair, by_account, by_address)
    current = passwords.hash(password) if passwords.is_outdated(proved) else proved
    with begin() as work:
        user = work.users.get_for_update(known.id)
        if user is None or user.password_hash != proved:
            raise _refused()
        user.password_hash = current
        signed_in = admit(
            work,
            tokens,
            secrets,
            user=user,
            device=device,
            now=clock(),
            proved_by=ProvedBy.PASSWORD,
            browser=browser,
        )
    limits.forget(by_pair)
    limits.forget(by_account)
    return signed_in


def _tell_of_failure(begin: Begin, clock: Clock, known: User | None) -> None:
    """As much work for an address that nobody has."""
    with begin() as work:
        memberships = work.organizations.of(known.id if known else new_id())
        if known is None or not memberships:
            work.happenings.record_nobodys()
            return
        work.happenings.record(
            Happened(
                what=Happening.USER_LOGIN_FAILED,
                organization_id=memberships[0].organization_id,
                subject_id=known.id,
                at=clock(),
                details={"method": ProvedBy.PASSWORD},
            )
        )


def _refused() -> Unauthenticated:
    return Unauthenticated("INVALID_CREDENTIALS", "E-mail or password is wrong")
