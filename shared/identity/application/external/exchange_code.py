"""Change the one-time code of somebody who came back from a provider for a session."""

from shared.identity.application.ports import (
    Begin,
    Device,
    OneTimeSecrets,
    SessionTokens,
)
from shared.identity.application.sessions.admit import SecondFactorNeeded, admit
from shared.identity.application.sessions.open_session import OpenedSession
from shared.identity.domain.browser_binding import BrowserSecret
from shared.identity.domain.one_time_token import TokenPurpose
from shared.identity.domain.proof import ProvedBy
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation


def exchange_code(
    begin: Begin,
    tokens: SessionTokens,
    secrets: OneTimeSecrets,
    clock: Clock,
    *,
    code: str,
    shown_by: BrowserSecret | None,
    device: Device,
    browser: bool,
) -> OpenedSession | SecondFactorNeeded:
    """The browser that went to the provider is the one that may: a code opens nothing elsewhere.

    Raises:
        RuleViolation: `INVALID_EXCHANGE_CODE`; unknown, used, too old or another browser's.
        PermissionDenied: see `shared.identity.domain.user.demand_active`.
    """
    now, code_hash = clock(), secrets.hash(code)
    with begin() as work:
        user_id = work.one_time_tokens.owner(TokenPurpose.EXTERNAL_CODE, code_hash)
        user = work.users.get_for_update(user_id) if user_id else None
        token = work.one_time_tokens.get_for_update(TokenPurpose.EXTERNAL_CODE, code_hash)
        if (
            user is None
            or token is None
            or shown_by is None
            or not token.is_good(now)
            or token.details["browser"] != secrets.hash(shown_by.text)
        ):
            raise RuleViolation(
                "INVALID_EXCHANGE_CODE", "The code was used, is too old, or is another browser's"
            )
        token.use(now)
        return admit(
            work,
            tokens,
            secrets,
            user=user,
            device=device,
            now=now,
            proved_by=ProvedBy.EXTERNAL,
            browser=browser,
        )
