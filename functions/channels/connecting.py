"""Connecting accounts: by what somebody types, or by their consent at the network (OAuth 2.0).

Whoever connects by consent goes to `authorization_url` and comes back in one of two ways. The
network sends their browser to `oauth/{channel_key}/callback`, which sends it on to the front end;
or, where another `redirect_uri` was asked for, the page there hands code and state to
`connect/complete`. No token is ever part of an address.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from functions.channels.schemas import ConnectionOut
from functions.dependencies import public, requires
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from shared.channels.adapters import queries, vault
from shared.channels.adapters.accounts import prove
from shared.channels.adapters.authorizing import ProvidersAuthorizing
from shared.channels.adapters.postgres import begin
from shared.channels.adapters.secrets import KeyedSecrets
from shared.channels.adapters.simulator import simulated_fields
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
from shared.channels.domain.journey import AWAY_LASTS, demand_fit_to_return
from shared.identity.adapters.links import FrontendSettings, links
from shared.identity.domain.browser_binding import BrowserSecret
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.public_api import PublicApiSettings
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.errors import DomainError

router = Router(prefix="/api/v1/channels", tags=["channels"], route_class=IdempotentRoute)

Connector = Annotated[Actor, requires("channels:connect")]

COOKIE = "__Host-luxaris-connecting"
_UNTOLD = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_ASKING = refuses(HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST)
_RETURNING = refuses(HTTPStatus.BAD_REQUEST, HTTPStatus.BAD_GATEWAY)
_REDIRECT: dict[int | str, dict[str, Any]] = {302: {"description": "Back to the front end"}}

Server = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=2000,
        description="Which one, where a channel has many: mastodon.social",
    ),
]
RedirectUri = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=2000,
        description="A page of the front end to come back to; this API's own callback without it",
    ),
]
_CONNECTING: list[Any] = [
    {"channel_id": "mastodon", "mock_connection": True},
    {"channel_id": "mastodon", "server": "mastodon.social"},
    {
        "channel_id": "mastodon",
        "credentials": {"instance": "mastodon.social", "access_token": "your access token"},
    },
    {
        "channel_id": "bluesky",
        "credentials": {"handle": "you.bsky.social", "app_password": "abcd-efgh-ijkl-mnop"},
    },
]


class ConnectAccount(BaseModel):
    """`credentials` are the network's `connect_fields`, unless the connection is simulated.

    Without either, somebody is to say yes at the network.
    """

    model_config = ConfigDict(json_schema_extra={"examples": _CONNECTING})

    channel_id: str = Field(max_length=50)
    display_name: str | None = Field(default=None, min_length=1, max_length=200)
    credentials: dict[str, SecretStr] = Field(default_factory=dict)
    mock_connection: bool = False
    server: Server = None
    redirect_uri: RedirectUri = None

    def typed(self) -> dict[str, str]:
        return {name: secret.get_secret_value() for name, secret in self.credentials.items()}

    def is_by_consent(self, channel: catalogue.Channel) -> bool:
        """Credentials that are given, be it none, are meant to be."""
        said = self.mock_connection or "credentials" in self.model_fields_set
        return not said and (channel.oauth or not channel.connect_fields)


class Reconnect(BaseModel):
    """Nothing needs to be given: it is the same account at the same server."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    server: Server = None
    redirect_uri: RedirectUri = None


class AuthorizationOut(BaseModel):
    """Where to send the person, who has `expires_in` seconds to come back with `state`.

    Both addresses are the same.
    """

    authorization_url: str
    auth_url: str
    state: str
    expires_in: int
    channel_key: str

    @classmethod
    def of(cls, departure: Departure) -> Self:
        return cls(
            authorization_url=departure.authorization_url,
            auth_url=departure.authorization_url,
            state=departure.state,
            expires_in=departure.expires_in,
            channel_key=departure.channel,
        )


class CompleteConnecting(BaseModel):
    """What the network has put into the address it sent the browser back to."""

    code: SecretStr | None = Field(default=None, max_length=4096, examples=["what `code=` says"])
    state: SecretStr = Field(min_length=1, max_length=256, examples=["what `state=` says"])
    error: str | None = Field(default=None, max_length=256, examples=[None])

    def returned(self) -> Returned:
        code = self.code.get_secret_value() if self.code else None
        return Returned(state=self.state.get_secret_value(), code=code, error=self.error)


class _InAddress(BaseModel):
    """What a network may say in the address it sends a browser back to; the rest is ignored."""

    state: str = ""
    code: str | None = None
    error: str | None = None

    def returned(self) -> Returned:
        return Returned(state=self.state, code=self.code, error=self.error)


class OfferedOut(BaseModel):
    """An account, page or organization that the person may publish for; `id` is the network's."""

    id: str
    name: str
    username: str
    avatar_url: str | None
    kind: Literal["person", "organization"]


class ChoiceOut(BaseModel):
    """Several accounts: which of them to connect is to be said within `expires_in` seconds."""

    choices: list[OfferedOut]
    choice_token: UUID
    expires_in: int

    @classmethod
    def of(cls, choice: Choice) -> Self:
        return cls(
            choices=[
                OfferedOut(
                    id=account.external_id,
                    name=account.display_name,
                    username=account.username,
                    avatar_url=account.avatar_url,
                    kind=account.kind,
                )
                for account in choice.accounts
            ],
            choice_token=choice.id,
            expires_in=choice.expires_in,
        )


class ChooseAccounts(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "choice_token": "0192f3a4-5b6c-7d8e-9f00-112233445566",
                    "account_ids": ["urn:li:organization:2414183"],
                }
            ]
        }
    )

    choice_token: UUID
    account_ids: list[str] = Field(min_length=1, max_length=100)


class ConnectedOut(BaseModel):
    connections: Sequence[ConnectionOut]

    @classmethod
    def of(cls, connections: Sequence[Connection]) -> Self:
        return cls(connections=[ConnectionOut.model_validate(one) for one in connections])


def _browser(request: Request) -> str | None:
    secret = BrowserSecret.shown(request.cookies.get(COOKIE))
    return secret.text if secret else None


FromKnownBrowser = Annotated[str | None, Depends(_browser)]


def _callback(channel: str) -> str:
    return PublicApiSettings.read().callback(f"/api/v1/channels/oauth/{channel}/callback")


def _place(channel: str, asked: str | None) -> str:
    callback = _callback(channel)
    origin = FrontendSettings.read().origin
    return demand_fit_to_return(asked or callback, callback=callback, origin=origin)


def _on_the_way(departure: Departure, response: Response) -> AuthorizationOut:
    """The browser keeps its secret; `Lax`, for it comes back from another site."""
    response.headers.update(_UNTOLD)
    response.set_cookie(
        COOKIE,
        departure.browser,
        max_age=int(AWAY_LASTS.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    return AuthorizationOut.of(departure)


def _set_out(wish: Wish, actor: Actor, browser: str | None, response: Response) -> AuthorizationOut:
    departure = set_out(
        begin,
        ProvidersAuthorizing(),
        KeyedSecrets(),
        vault,
        utc_now,
        actor=actor,
        wish=wish,
        browser=browser,
    )
    return _on_the_way(departure, response)


def _came_back(returned: Returned, shown: Shown) -> Connection | Choice:
    return come_back(
        begin,
        ProvidersAuthorizing(),
        KeyedSecrets(),
        vault,
        utc_now,
        returned=returned,
        shown=shown,
    )


@router.post("/connect", status_code=201, responses=_ASKING)
def connect(
    body: ConnectAccount, actor: Connector, browser: FromKnownBrowser, response: Response
) -> ConnectionOut | AuthorizationOut:
    """Connect an account; one that was connected before comes back under its old id.

    Where somebody must say yes at the network first, the answer says where to send them.
    """
    channel = catalogue.channel(body.channel_id)
    if body.is_by_consent(channel):
        wish = Wish(
            channel=channel.id,
            server=body.server,
            redirect_uri=_place(channel.id, body.redirect_uri),
            display_name=body.display_name,
        )
        return _set_out(wish, actor, browser, response)
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
    server: Annotated[str | None, Query(min_length=1, max_length=2000)] = None,
    redirect_uri: Annotated[str | None, Query(min_length=1, max_length=2000)] = None,
) -> AuthorizationOut:
    """Say where to send somebody who is to allow us to publish for them."""
    channel = catalogue.channel(channel_key)
    wish = Wish(channel=channel.id, server=server, redirect_uri=_place(channel.id, redirect_uri))
    return _set_out(wish, actor, browser, response)


@router.post("/connections/{connection_id}/reconnect", responses=refuses(HTTPStatus.BAD_REQUEST))
def reconnect(
    *,
    connection_id: UUID,
    body: Reconnect,
    actor: Connector,
    browser: FromKnownBrowser,
    response: Response,
) -> AuthorizationOut:
    """Begin anew for an account, which keeps its id and all that waits for it.

    Whoever comes back as another account is refused with `CONNECTION_ACCOUNT_CHANGED`.
    """
    connection = queries.connection(actor, connection_id)
    departure = mend_connection(
        begin,
        ProvidersAuthorizing(),
        KeyedSecrets(),
        vault,
        utc_now,
        actor=actor,
        connection_id=connection_id,
        server=body.server,
        redirect_uri=_place(connection.channel, body.redirect_uri),
        browser=browser,
    )
    return _on_the_way(departure, response)


@router.get(
    "/oauth/{channel_key}/callback", status_code=302, dependencies=[public], responses=_REDIRECT
)
def return_from_network(
    channel_key: str, said: Annotated[_InAddress, Query()], browser: FromKnownBrowser
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
    return RedirectResponse(links().channels_callback(**told), HTTPStatus.FOUND, _UNTOLD)


@router.post("/connect/complete", status_code=201, responses=_RETURNING)
def complete(
    body: CompleteConnecting, actor: Connector, response: Response
) -> ConnectedOut | ChoiceOut:
    """Finish for whoever caught the address themselves: they are the same who began.

    Where the network offers several accounts, they are to be chosen from with `connect/choose`.
    """
    response.headers.update(_UNTOLD)
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
            choice_id=body.choice_token,
            account_ids=body.account_ids,
        )
    )


app = create_app("Connecting")
app.include_router(router)
handler = lambda_handler(app)
