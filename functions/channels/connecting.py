"""Connecting accounts: by what somebody types, or by their consent at the network (OAuth 2.0).

Whoever connects by consent goes to `authorization_url` and comes back in one of two ways. The
network sends their browser to `oauth/{channel_key}/callback`, which sends it on to the front end;
or, where another `redirect_uri` was asked for, the page there hands code and state to
`connect/complete`. No token is ever part of an address.
"""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from fastapi.responses import JSONResponse, RedirectResponse

from functions.browser_secret import UNTOLD, keep, known
from functions.channels.schemas.connecting import (
    AuthorizationOut,
    ChoiceOut,
    ChooseAccounts,
    CompleteConnecting,
    ConnectAccount,
    ConnectedOut,
    Reconnect,
    RedirectUri,
    ReturnedInAddress,
    Server,
)
from functions.channels.schemas.connections import ConnectionOut
from functions.dependencies import public, requires
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from shared.channels.adapters import queries, vault
from shared.channels.adapters.accounts import prove
from shared.channels.adapters.authorizing import ProvidersAuthorizing
from shared.channels.adapters.postgres import begin
from shared.channels.adapters.simulator import demand_real, simulated_fields
from shared.channels.api import catalogue
from shared.channels.application.connect_account import connect_account
from shared.channels.application.connecting.choose_accounts import choose_accounts
from shared.channels.application.connecting.come_back import Choice, come_back
from shared.channels.application.connecting.mend_connection import mend_connection
from shared.channels.application.connecting.ports import Returned
from shared.channels.application.connecting.set_out import Departure, Wish, set_out
from shared.channels.application.connecting.show_choice import show_choice
from shared.channels.application.connecting.spend_state import Shown
from shared.channels.domain.connection import Connection
from shared.channels.domain.journey import demand_fit_to_return, demand_known_place
from shared.identity.adapters.links import FrontendSettings, links
from shared.identity.domain.browser_binding import BrowserSecret
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.keyed_secrets import KeyedSecrets
from shared.infrastructure.openapi import refuses
from shared.infrastructure.public_api import PublicApiSettings
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.errors import DomainError, PermissionDenied

router = Router(prefix="/api/v1/channels", tags=["channels"], route_class=IdempotentRoute)

Connector = Annotated[Actor, requires("channels:connect")]

COOKIE = "__Host-luxaris-connecting"
_SECRETS = KeyedSecrets("connecting")
_ASKING = refuses(HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST)
_SENT_AWAY: dict[int | str, dict[str, Any]] = {
    200: {"model": AuthorizationOut, "description": "Where to send the person"}
}
_RETURNING = refuses(HTTPStatus.BAD_REQUEST, HTTPStatus.BAD_GATEWAY)
_REDIRECT: dict[int | str, dict[str, Any]] = {302: {"description": "Back to the front end"}}


async def _browser(secret: Annotated[BrowserSecret | None, Depends(known(COOKIE))]) -> str | None:
    return secret.text if secret else None


FromKnownBrowser = Annotated[str | None, Depends(_browser)]


def _callback(channel: str) -> str:
    return PublicApiSettings.read().callback(f"/api/v1/channels/oauth/{channel}/callback")


def _place(channel: str, asked: str | None, actor: Actor) -> str:
    """Where to come back to; a program completes what it has begun, no browser does so for it."""
    callback = _callback(channel)
    origin = FrontendSettings.read().origin
    place = demand_fit_to_return(asked or callback, callback=callback, origin=origin)
    if place == callback and not isinstance(actor, SignedIn):
        raise PermissionDenied(
            "SESSION_REQUIRED",
            "Only a person who is signed in may come back here: give a page as redirect_uri",
            field="redirect_uri",
        )
    if catalogue.channel(channel).has_servers:
        demand_known_place(place, {callback, f"{origin}/", links().channels_page()})
    return place


def _on_the_way(departure: Departure, actor: Actor, response: Response) -> AuthorizationOut:
    """A program gets no secret: whoever comes back by it acts as the whole person."""
    response.headers.update(UNTOLD)
    if isinstance(actor, SignedIn):
        keep(response, COOKIE, departure.browser, seconds=departure.expires_in)
    return AuthorizationOut.of(departure)


def _set_out(wish: Wish, actor: Actor, browser: str | None, response: Response) -> AuthorizationOut:
    departure = set_out(
        begin,
        ProvidersAuthorizing(),
        _SECRETS,
        vault,
        utc_now,
        actor=actor,
        wish=wish,
        browser=browser if isinstance(actor, SignedIn) else None,
    )
    return _on_the_way(departure, actor, response)


def _came_back(returned: Returned, shown: Shown) -> Connection | Choice:
    return come_back(
        begin,
        ProvidersAuthorizing(),
        _SECRETS,
        vault,
        utc_now,
        returned=returned,
        shown=shown,
    )


@router.post(
    "/connect", status_code=201, response_model=ConnectionOut, responses=_SENT_AWAY | _ASKING
)
def connect(
    body: ConnectAccount, actor: Connector, browser: FromKnownBrowser, response: Response
) -> Response | ConnectionOut:
    """Connect an account; one that was connected before comes back under its old id.

    Where somebody must say yes at the network first, nothing is connected yet: the answer is 200
    and says where to send them.
    """
    channel = catalogue.channel(body.channel_id)
    if body.is_by_consent(channel):
        wish = Wish(
            channel=channel.id,
            server=body.server,
            redirect_uri=_place(channel.id, body.redirect_uri, actor),
            display_name=body.display_name,
        )
        way = _set_out(wish, actor, browser, response)
        return JSONResponse(way.model_dump(), HTTPStatus.OK, response.headers)
    demand_real(channel.connect_fields, body.typed())
    connection = connect_account(
        begin,
        prove,
        vault.seal,
        utc_now,
        actor=actor,
        channel=channel.id,
        asked=channel.connect_fields,
        typed=simulated_fields(channel.id) if body.mock_connection else body.typed(),
        display_name=body.display_name,
    )
    return ConnectionOut.model_validate(connection)


@router.get("/{channel_key}/auth-url", responses=_ASKING)
def authorize(
    *,
    channel_key: str,
    actor: Connector,
    browser: FromKnownBrowser,
    response: Response,
    server: Annotated[Server, Query()] = None,
    redirect_uri: Annotated[RedirectUri, Query()] = None,
) -> AuthorizationOut:
    """Say where to send somebody who is to allow us to publish for them."""
    channel = catalogue.channel(channel_key)
    place = _place(channel.id, redirect_uri, actor)
    wish = Wish(channel=channel.id, server=server, redirect_uri=place)
    return _set_out(wish, actor, browser, response)


@router.post("/connections/{connection_id}/reconnect", responses=refuses(HTTPStatus.BAD_REQUEST))
def reconnect(
    *,
    connection_id: UUID,
    body: Reconnect | None = None,
    actor: Connector,
    browser: FromKnownBrowser,
    response: Response,
) -> AuthorizationOut:
    """Begin anew for an account, which keeps its id and all that waits for it.

    Whoever comes back as another account is refused with `CONNECTION_ACCOUNT_CHANGED`.
    """
    wanted = body or Reconnect()
    connection = queries.connection(actor, connection_id)
    departure = mend_connection(
        begin,
        ProvidersAuthorizing(),
        _SECRETS,
        vault,
        utc_now,
        actor=actor,
        connection_id=connection_id,
        server=wanted.server,
        redirect_uri=_place(connection.channel, wanted.redirect_uri, actor),
        browser=browser if isinstance(actor, SignedIn) else None,
    )
    return _on_the_way(departure, actor, response)


@router.get(
    "/oauth/{channel_key}/callback",
    status_code=302,
    response_class=RedirectResponse,
    dependencies=[public],
    responses=_REDIRECT,
)
def return_from_network(
    channel_key: str, said: Annotated[ReturnedInAddress, Query()], browser: FromKnownBrowser
) -> RedirectResponse:
    """Receive a browser that the network sends back, and send it on to the front end.

    Its address ends in `#connected=…` with the connection's id, in `#choice=…` with what
    `connect/choices/{choice_id}` takes, or in `#error=…` with the code of what went wrong.
    """
    try:
        arrived = _came_back(said.returned(), Shown(channel=channel_key, browser=browser))
    except DomainError as error:
        told = {"error": error.code}
    else:
        is_choice = isinstance(arrived, Choice)
        told = {"choice" if is_choice else "connected": str(arrived.id)}
    return RedirectResponse(links().channels_callback(**told), HTTPStatus.FOUND, UNTOLD)


@router.post("/connect/complete", status_code=201, responses=_RETURNING)
def complete(
    body: CompleteConnecting, actor: Connector, response: Response
) -> ConnectedOut | ChoiceOut:
    """Finish for whoever caught the address themselves: they are the same who began.

    Where the network offers several accounts, they are to be chosen from with `connect/choose`.
    """
    response.headers.update(UNTOLD)
    arrived = _came_back(body.returned(), Shown(actor=actor))
    return ChoiceOut.of(arrived) if isinstance(arrived, Choice) else ConnectedOut.of([arrived])


@router.get("/connect/choices/{choice_id}")
def get_choice(choice_id: UUID, actor: Connector) -> ChoiceOut:
    """What there is to choose from, as long as it waits."""
    return ChoiceOut.of(show_choice(begin, vault, utc_now, actor=actor, choice_id=choice_id))


@router.post("/connect/choose", status_code=201, responses=refuses(HTTPStatus.NOT_FOUND))
def choose(body: ChooseAccounts, actor: Connector) -> ConnectedOut:
    """Connect those of the accounts that are wanted: all of them or none."""
    return ConnectedOut.of(
        choose_accounts(
            begin,
            vault,
            utc_now,
            actor=actor,
            choice_id=body.choice_id,
            account_ids=body.account_ids,
        )
    )


app = create_app("Connecting")
app.include_router(router)
handler = lambda_handler(app)
