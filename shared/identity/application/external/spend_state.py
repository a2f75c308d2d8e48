"""Recognise somebody who comes back from an identity provider, once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.identity.application.external.ports import IdentityProvider
from shared.identity.application.ports import Begin, OneTimeSecrets
from shared.identity.domain.browser_binding import BrowserSecret
from shared.identity.domain.one_time_token import TokenPurpose
from shared.kernel.errors import RuleViolation


@dataclass(frozen=True, kw_only=True)
class Linking:
    """Whose account gets one more way in, and from which of their sessions."""

    user_id: UUID
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class Journey:
    """How the person was sent out; without `links_to`, to sign in, by an invitation perhaps."""

    redirect_uri: str
    links_to: Linking | None
    invitation_hash: str | None


def spend_state(
    begin: Begin,
    provider: IdentityProvider,
    secrets: OneTimeSecrets,
    *,
    state: str,
    browser: BrowserSecret | None,
    now: datetime,
) -> tuple[Journey, BrowserSecret]:
    """The journey, and the browser that made it: nobody comes back by this state again.

    One that another browser brings, or that was for another provider, is left as it is: its owner
    may still be on the way.

    Raises:
        RuleViolation: `INVALID_OAUTH_STATE`; it does not say why.
    """
    with begin() as work:
        token = work.one_time_tokens.get_for_update(
            TokenPurpose.EXTERNAL_STATE, secrets.hash(state)
        )
        if (
            token is None
            or browser is None
            or not token.is_good(now)
            or token.details["provider"] != provider.name
            or token.details["browser"] != secrets.hash(browser.text)
        ):
            raise RuleViolation(
                "INVALID_OAUTH_STATE",
                "This sign-in was not begun in this browser, is over, or took too long: begin anew",
            )
        token.use(now)
        links_to = None
        if token.user_id is not None:
            session_id = UUID(token.details["session_id"])
            links_to = Linking(user_id=token.user_id, session_id=session_id)
        journey = Journey(
            redirect_uri=token.details["redirect_uri"],
            links_to=links_to,
            invitation_hash=token.details.get("invitation"),
        )
        return journey, browser
