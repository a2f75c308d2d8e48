"""Set a new password by the secret that came by mail."""

from datetime import datetime

from shared.identity.application.accounts.prove_address import prove_address
from shared.identity.application.accounts.set_password import set_password
from shared.identity.application.accounts.take_keys import take_keys
from shared.identity.application.ports import (
    AttemptLimits,
    Begin,
    Device,
    IdentityUnitOfWork,
    OneTimeSecrets,
    Passwords,
)
from shared.identity.domain.attempts import (
    LOGIN_BY_ACCOUNT,
    LOGIN_BY_PAIR,
    RESET_BY_ACCOUNT,
    RESET_BY_ADDRESS,
)
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.identity.domain.password import strength_violation
from shared.identity.domain.registration import RegistrationMode
from shared.identity.domain.user import User
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation

_PURPOSE = TokenPurpose.PASSWORD_RESET


def reset_password(
    begin: Begin,
    passwords: Passwords,
    secrets: OneTimeSecrets,
    limits: AttemptLimits,
    clock: Clock,
    *,
    token: str,
    new_password: str,
    mode: RegistrationMode,
    device: Device,
) -> int:
    """Good once, for half an hour; ends every session and answers how many there were.

    A weak password does not use the secret up. Whoever reads that mail has proved the address, and
    the account is open again to who guessed too often.

    Raises:
        RuleViolation: `INVALID_RESET_TOKEN`, for whatever reason; `WEAK_PASSWORD`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    limits.count(RESET_BY_ADDRESS.at(device.address))
    token_hash = secrets.hash(token)
    with begin() as work:
        known, _ = _proved(work, token_hash, now=clock())
    limits.count(RESET_BY_ACCOUNT.by(known.id))
    if weak := strength_violation(new_password, email=known.email, field="new_password"):
        raise weak
    password_hash = passwords.hash(new_password)
    with begin() as work:
        now = clock()
        user, found = _proved(work, token_hash, now=now)
        found.use(now)
        if user.email_verified_at is None and not user.is_root:
            _take_what_a_stranger_left(work, user, now=now)
        ended = set_password(work, user=user, password_hash=password_hash, by="reset", now=now)
        prove_address(work, user=user, by="reset", mode=mode, now=now)
    limits.forget(LOGIN_BY_ACCOUNT.by(known.email))
    limits.forget(LOGIN_BY_PAIR.between(known.email, device.address))
    return ended


def _take_what_a_stranger_left(work: IdentityUnitOfWork, user: User, *, now: datetime) -> None:
    """Whoever registered never showed that the address is theirs, and may have prepared a way back.

    A "pre-hijacked" account (Sudhodanan and Paverd, USENIX Security 2022). Before root nobody was
    there.
    """
    take_keys(work, user, by=user.id, now=now)
    work.passkeys.remove_all(user.id)
    work.second_factors.disable(user.id)


def _proved(
    work: IdentityUnitOfWork, token_hash: str, *, now: datetime
) -> tuple[User, OneTimeToken]:
    """Whose secret it is and the secret itself, both locked."""
    owner = work.one_time_tokens.owner(_PURPOSE, token_hash)
    user = work.users.get_for_update(owner) if owner else None
    found = work.one_time_tokens.get_for_update(_PURPOSE, token_hash) if user else None
    if user is None or found is None or not found.is_good(now) or not user.may_come_back:
        raise RuleViolation(
            "INVALID_RESET_TOKEN",
            "This link is not good, or not any more: ask for another",
            field="token",
        )
    return user, found
