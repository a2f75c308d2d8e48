"""Sending a browser to an identity provider, and knowing it again when it comes back."""

from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict

from functions.browser_secret import keep, known
from shared.identity.adapters.oidc import OidcProvider
from shared.identity.adapters.one_time_secrets import ONE_TIME_SECRETS
from shared.identity.adapters.postgres import begin
from shared.identity.application.external.set_out import Departure, set_out
from shared.identity.domain.browser_binding import BrowserSecret
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.public_api import PublicApiSettings
from shared.kernel.clock import utc_now

COOKIE = "__Host-luxaris-external"
CALLBACK = "/api/v1/auth/oauth/{}/callback"


class DepartureOut(BaseModel):
    """Where to send the browser, which has `expires_in` seconds to come back with `state`."""

    model_config = ConfigDict(from_attributes=True)

    authorization_url: str
    state: str
    expires_in: int


FromKnownBrowser = Annotated[BrowserSecret | None, Depends(known(COOKIE))]


def depart(
    provider: OidcProvider,
    callback: str,
    browser: BrowserSecret | None,
    actor: SignedIn | None = None,
    invitation_token: str | None = None,
) -> Departure:
    """`callback` is the path to come back to; `actor` wants to link, others to sign in."""
    return set_out(
        begin,
        provider,
        ONE_TIME_SECRETS,
        utc_now,
        redirect_uri=PublicApiSettings.read().callback(callback),
        browser=browser,
        links_to=actor,
        invitation_token=invitation_token,
    )


def keep_secret(departure: Departure, response: Response) -> None:
    keep(response, COOKIE, departure.browser.text, seconds=departure.expires_in)
