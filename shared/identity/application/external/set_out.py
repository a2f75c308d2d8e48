"""Send a person to an identity provider, to sign in or to link what they are there."""

from dataclasses import dataclass, field

from shared.identity.application.external.ports import IdentityProvider
from shared.identity.application.ports import Begin, OneTimeSecrets
from shared.identity.domain.browser_binding import STATE_LASTS, BrowserSecret
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Where to go; the browser must keep its secret as long as the state lasts, `expires_in` s."""

    authorization_url: str = field(repr=False)
    state: str = field(repr=False)
    browser: BrowserSecret
    expires_in: int


def set_out(
    begin: Begin,
    provider: IdentityProvider,
    secrets: OneTimeSecrets,
    clock: Clock,
    *,
    redirect_uri: str,
    browser: BrowserSecret | None,
    links_to: SignedIn | None = None,
    invitation_token: str | None = None,
) -> Departure:
    """Remember where the person went, and nothing by which another could come back as them.

    `browser` is the secret the browser has already, so that two tabs do not disturb each other.
    `links_to` is who will have one more way to sign in; without, the person signs in, and comes by
    an invitation perhaps, of which the hash is kept.

    Raises:
        Unavailable, FaultyService: see `IdentityProvider`.
    """
    if browser is None:
        secret, _ = secrets.new()
        browser = BrowserSecret(secret)
    state, state_hash = secrets.new()
    url = provider.authorization_url(
        redirect_uri=redirect_uri,
        state=state,
        nonce=browser.nonce(state),
        code_verifier=browser.code_verifier(state),
    )
    details = {
        "provider": provider.name,
        "browser": secrets.hash(browser.text),
        "redirect_uri": redirect_uri,
    }
    if links_to is not None:
        details["session_id"] = str(links_to.session_id)
    if invitation_token is not None:
        details["invitation"] = secrets.hash(invitation_token)
    now = clock()
    with begin() as work:
        work.one_time_tokens.add(
            OneTimeToken(
                id=new_id(),
                purpose=TokenPurpose.EXTERNAL_STATE,
                token_hash=state_hash,
                user_id=links_to.user_id if links_to else None,
                created_at=now,
                expires_at=now + STATE_LASTS,
                details=details,
            )
        )
    return Departure(
        authorization_url=url,
        state=state,
        browser=browser,
        expires_in=int(STATE_LASTS.total_seconds()),
    )
