"""Begin to sign in with a passkey, before anybody has said who they are."""

from typing import Any

from shared.identity.application.passkeys.challenges import new_challenge
from shared.identity.application.passkeys.ports import Ceremonies
from shared.identity.application.ports import Begin, OneTimeSecrets
from shared.identity.domain.one_time_token import TokenPurpose
from shared.kernel.clock import Clock


def ask_for_login(
    begin: Begin, ceremonies: Ceremonies, secrets: OneTimeSecrets, clock: Clock
) -> dict[str, Any]:
    """No account is named, so the answer is the same for everybody; the device knows its own."""
    with begin() as work:
        challenge = new_challenge(work, secrets, TokenPurpose.PASSKEY_LOGIN, now=clock())
    return ceremonies.request_options(challenge)
