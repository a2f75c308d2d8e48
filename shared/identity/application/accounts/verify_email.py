"""Verify an e-mail address by the secret that was sent to it."""

from shared.identity.application.accounts.prove_address import prove_address
from shared.identity.application.ports import AttemptLimits, Begin, Device, OneTimeSecrets
from shared.identity.domain.attempts import VERIFY_BY_ADDRESS
from shared.identity.domain.one_time_token import TokenPurpose
from shared.identity.domain.registration import RegistrationMode
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation


def verify_email(
    begin: Begin,
    secrets: OneTimeSecrets,
    limits: AttemptLimits,
    clock: Clock,
    *,
    token: str,
    mode: RegistrationMode,
    device: Device,
) -> None:
    """A second time it is no error, for whoever never got our answer.

    Raises:
        RuleViolation: `INVALID_VERIFICATION_TOKEN`; unknown, expired, or of a closed account.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    limits.count(VERIFY_BY_ADDRESS.at(device.address))
    token_hash, purpose = secrets.hash(token), TokenPurpose.EMAIL_VERIFICATION
    with begin() as work:
        owner = work.one_time_tokens.owner(purpose, token_hash)
        user = work.users.get_for_update(owner) if owner else None
        found = work.one_time_tokens.get_for_update(purpose, token_hash) if user else None
        now = clock()
        if user is None or found is None or now >= found.expires_at:
            raise _refused()
        if user.email_verified_at is not None:
            return
        if not found.is_good(now):
            raise _refused()
        found.use(now)
        prove_address(work, user=user, by="link", mode=mode, now=now)


def _refused() -> RuleViolation:
    return RuleViolation(
        "INVALID_VERIFICATION_TOKEN",
        "This link is not good, or not any more: ask for another",
        field="token",
    )
