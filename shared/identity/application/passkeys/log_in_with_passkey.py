"""Sign in with a passkey: the device has verified its user, so nothing else is asked for."""

import logging
from datetime import datetime

from shared.identity.application.passkeys.challenges import answered_challenge
from shared.identity.application.passkeys.ports import Answered, Ceremonies, InvalidCeremony
from shared.identity.application.ports import (
    Begin,
    Device,
    IdentityUnitOfWork,
    OneTimeSecrets,
    SessionTokens,
)
from shared.identity.application.sessions.admit import let_in
from shared.identity.application.sessions.open_session import OpenedSession
from shared.identity.domain.one_time_token import TokenPurpose
from shared.identity.domain.proof import ProvedBy
from shared.identity.domain.user import User
from shared.kernel.clock import Clock
from shared.kernel.errors import Unauthenticated

logger = logging.getLogger(__name__)


def log_in_with_passkey(
    begin: Begin,
    ceremonies: Ceremonies,
    tokens: SessionTokens,
    secrets: OneTimeSecrets,
    clock: Clock,
    *,
    answered: Answered,
    device: Device,
    browser: bool,
) -> OpenedSession:
    """An unknown passkey and a wrong signature are refused alike.

    Raises:
        Unauthenticated: `INVALID_PASSKEY`.
        PermissionDenied: see `shared.identity.domain.user.demand_active`; only with a passkey of
            the account.
    """
    now = clock()
    try:
        challenge = answered_challenge(
            begin, ceremonies, secrets, TokenPurpose.PASSKEY_LOGIN, answered=answered, now=now
        )
        with begin() as work:
            user = _proved_user(work, ceremonies, answered=answered, challenge=challenge, now=now)
            return let_in(
                work,
                tokens,
                user=user,
                device=device,
                now=now,
                proved_by=ProvedBy.PASSKEY,
                browser=browser,
            )
    except InvalidCeremony as error:
        logger.info("passkey_login_refused", extra={"reason": str(error)})
        raise Unauthenticated("INVALID_PASSKEY", "This passkey does not open an account") from error


def _proved_user(
    work: IdentityUnitOfWork,
    ceremonies: Ceremonies,
    *,
    answered: Answered,
    challenge: str,
    now: datetime,
) -> User:
    """Whose passkey has signed, locked as is the passkey: its count goes up once a signature."""
    credential_id, user_id = ceremonies.credential_of(answered)
    user = work.users.get_for_update(user_id)
    passkey = work.passkeys.by_credential(user_id, credential_id)
    if user is None or passkey is None:
        raise InvalidCeremony("no such passkey of this user")
    proved = ceremonies.verify_assertion(
        answered, challenge=challenge, public_key=passkey.public_key
    )
    if not passkey.accept(proved.sign_count, now):
        logger.warning("passkey_may_be_copied", extra={"passkey_id": str(passkey.id)})
        raise InvalidCeremony("the sign count did not go up")
    return user
