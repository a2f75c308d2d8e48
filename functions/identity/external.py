"""Sign in with an account somewhere else, by OpenID Connect.

A browser goes to `authorize`, is sent to the provider and comes back to `callback`, which sends it
on to the front end with a code in the fragment; the front end changes that for a session at
`exchange`. No token is ever part of an address. A cookie ties the three to one browser.
"""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, Field, SecretStr

from functions.browser_mode import own_site_if_asked
from functions.browser_secret import UNTOLD
from functions.dependencies import signing_in
from functions.envelopes import Data
from functions.identity.schemas import IdentityOut
from functions.routing import Router
from functions.setting_out import (
    CALLBACK,
    DepartureOut,
    FromKnownBrowser,
    depart,
    keep_secret,
)
from functions.signing_in import Browser, FromDevice, SignedInOut, signed_in_out
from shared.identity.adapters.links import links
from shared.identity.adapters.oidc import OidcProvider, provider_named, provider_names
from shared.identity.adapters.one_time_secrets import ONE_TIME_SECRETS
from shared.identity.adapters.registration import RegistrationSettings
from shared.identity.adapters.session_tokens import JwtSessionTokens
from shared.identity.adapters.waking import begin
from shared.identity.application.external.come_back import Arrival, come_back
from shared.identity.application.external.exchange_code import exchange_code
from shared.identity.application.external.ports import Returned
from shared.identity.application.ports import Device
from shared.identity.domain.browser_binding import BrowserSecret
from shared.identity.domain.external_identity import ExternalIdentity
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now
from shared.kernel.errors import DomainError

google = Router(prefix="/google", tags=["external"], dependencies=[signing_in])
oauth = Router(prefix="/oauth", tags=["external"], dependencies=[signing_in])

_GOOGLE_CALLBACK = "/api/v1/auth/google/callback"
_REDIRECTS: dict[int | str, dict[str, Any]] = {
    302: {"description": "On to the provider, or back to the front end"}
}
_ASKING = refuses(HTTPStatus.NOT_FOUND, HTTPStatus.BAD_GATEWAY)
_RETURNING = _REDIRECTS | refuses(HTTPStatus.NOT_FOUND)
_SIGNING_IN = _ASKING | refuses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)


class ProviderOut(BaseModel):
    name: str


class LinkedOut(BaseModel):
    linked: IdentityOut


class CameBack(BaseModel):
    """What a provider has put into the address it sent the browser back to."""

    code: SecretStr | None = None
    state: SecretStr = Field(min_length=1)
    iss: str | None = None
    browser: Browser = False


class SetOutInvited(BaseModel):
    """`invitation_token` is what came by mail: who has no account yet joins with it."""

    invitation_token: SecretStr = Field(min_length=1, max_length=256)


class Exchange(BaseModel):
    code: SecretStr = Field(min_length=1, examples=["what followed `#code=` in the address"])
    browser: Browser = False


class _InAddress(BaseModel):
    """What a provider may say in the address it sends a browser back to; the rest is ignored."""

    state: str = ""
    code: str | None = None
    error: str | None = None
    iss: str | None = None

    def returned(self) -> Returned:
        return Returned(state=self.state, code=self.code, error=self.error, issuer=self.iss)


async def _asks_for_json(request: Request) -> bool:
    """A script that says so; a browser on its way asks for a page."""
    return "application/json" in request.headers.get("accept", "")


AsksForJson = Annotated[bool, Depends(_asks_for_json)]


def _out(name: str, callback: str, browser: BrowserSecret | None, *, as_json: bool) -> Response:
    departure = depart(provider_named(name), callback, browser)
    answer = (
        JSONResponse(DepartureOut.model_validate(departure).model_dump())
        if as_json
        else RedirectResponse(departure.authorization_url, HTTPStatus.FOUND)
    )
    keep_secret(departure, answer)
    return answer


def _came_back(
    provider: OidcProvider, returned: Returned, browser: BrowserSecret | None, device: Device
) -> Arrival | ExternalIdentity:
    return come_back(
        begin,
        provider,
        ONE_TIME_SECRETS,
        utc_now,
        returned=returned,
        browser=browser,
        mode=RegistrationSettings.read().mode,
        device=device,
    )


def _on(
    name: str, returned: Returned, browser: BrowserSecret | None, device: Device
) -> RedirectResponse:
    """To the front end, which learns of an error by its code only."""
    provider = provider_named(name)
    try:
        match _came_back(provider, returned, browser, device):
            case Arrival(code=code):
                said = {"code": code}
            case ExternalIdentity():
                said = {"linked": name}
    except DomainError as error:
        said = {"error": error.code}
    page = links().external_callback(name, **said)
    return RedirectResponse(page, HTTPStatus.FOUND, UNTOLD)


def _exchanged(
    code: str, device: Device, browser: BrowserSecret | None, response: Response, *, cookies: bool
) -> SignedInOut:
    signed_in = exchange_code(
        begin,
        JwtSessionTokens(tokens()),
        ONE_TIME_SECRETS,
        utc_now,
        code=code,
        shown_by=browser,
        device=device,
        browser=cookies,
    )
    response.headers.update(UNTOLD)
    return signed_in_out(signed_in, response)


@google.get("", response_model=DepartureOut, responses=_REDIRECTS | _ASKING)
def begin_with_google(browser: FromKnownBrowser, as_json: AsksForJson) -> Response:
    """Send a browser to Google, or say where to, if JSON is asked for."""
    return _out("google", _GOOGLE_CALLBACK, browser, as_json=as_json)


@google.get("/callback", status_code=302, response_class=RedirectResponse, responses=_RETURNING)
def return_from_google(
    said: Annotated[_InAddress, Query()], device: FromDevice, browser: FromKnownBrowser
) -> RedirectResponse:
    """Receive a browser that Google sends back, as `oauth/{provider}/callback` does."""
    return _on("google", said.returned(), browser, device)


@oauth.get("/providers")
def list_providers() -> Data[list[ProviderOut]]:
    """The identity providers there are to choose from."""
    return Data[list[ProviderOut]].of([ProviderOut(name=name) for name in provider_names()])


@oauth.get("/{provider}/authorize", response_model=DepartureOut, responses=_REDIRECTS | _ASKING)
def authorize(provider: str, browser: FromKnownBrowser, as_json: AsksForJson) -> Response:
    """Send a browser to an identity provider, or say where to, if JSON is asked for."""
    return _out(provider, CALLBACK.format(provider), browser, as_json=as_json)


@oauth.post("/{provider}/authorize", responses=_ASKING)
def authorize_invited(
    provider: str, body: SetOutInvited, browser: FromKnownBrowser, response: Response
) -> DepartureOut:
    """Say where to send a browser whose person was invited: no address shows the invitation."""
    departure = depart(
        provider_named(provider),
        CALLBACK.format(provider),
        browser,
        invitation_token=body.invitation_token.get_secret_value(),
    )
    keep_secret(departure, response)
    return DepartureOut.model_validate(departure)


@oauth.get(
    "/{provider}/callback",
    status_code=302,
    response_class=RedirectResponse,
    responses=_RETURNING,
)
def return_from_provider(
    provider: str,
    said: Annotated[_InAddress, Query()],
    device: FromDevice,
    browser: FromKnownBrowser,
) -> RedirectResponse:
    """Receive a browser that the provider sends back, and send it on to the front end.

    Its address ends in `#code=…` for `exchange`, in `#linked=…`, or in `#error=…` with the code of
    what went wrong.
    """
    return _on(provider, said.returned(), browser, device)


@oauth.post("/{provider}/callback", dependencies=[own_site_if_asked], responses=_SIGNING_IN)
def come_back_by_json(
    provider: str,
    *,
    body: CameBack,
    device: FromDevice,
    browser: FromKnownBrowser,
    response: Response,
) -> SignedInOut | LinkedOut:
    """The same for a program that caught the address itself: a session at once, no redirect."""
    code = body.code.get_secret_value() if body.code else None
    returned = Returned(state=body.state.get_secret_value(), code=code, issuer=body.iss)
    match _came_back(provider_named(provider), returned, browser, device):
        case Arrival(code=own_code):
            return _exchanged(own_code, device, browser, response, cookies=body.browser)
        case ExternalIdentity() as identity:
            return LinkedOut(linked=IdentityOut.model_validate(identity))


@oauth.post("/exchange", dependencies=[own_site_if_asked], responses=refuses(HTTPStatus.FORBIDDEN))
def exchange(
    body: Exchange,
    device: FromDevice,
    browser: FromKnownBrowser,
    response: Response,
) -> SignedInOut:
    """Change the code the front end was given for a session, or learn of the second factor."""
    return _exchanged(body.code.get_secret_value(), device, browser, response, cookies=body.browser)


app = create_app("External sign-in")
app.include_router(google, prefix="/api/v1/auth")
app.include_router(oauth, prefix="/api/v1/auth")
app.include_router(oauth, prefix="/api/v1/system/auth", include_in_schema=False)
handler = lambda_handler(app)
