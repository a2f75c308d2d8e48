"""A network's OAuth 2.0: where it asks people, and how it gives, renews and takes back tokens."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Protocol, TypedDict
from urllib.parse import quote, urlencode

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.oauth_tokens import (
    Client,
    client_of,
    expiry_of,
    is_renewable,
    nothing_renews,
    refusal_of,
    registered,
    tokens_of,
    typed_tokens,
)
from shared.channels.domain.provider import Account, Answer, Http, ProviderError, Refused
from shared.channels.domain.reading import ask
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED, Renewal
from shared.channels.domain.server_address import base_url

_TAKEN_BACK = frozenset({HTTPStatus.OK, HTTPStatus.NO_CONTENT})


class Life(TypedDict):
    """How long an account is connected, and whether it can be for longer."""

    expires_at: datetime
    renewable: bool


class ErrorOf(Protocol):
    """How a network refuses credentials that are `renewable`, or are not."""

    def __call__(self, answer: Answer, *, renewable: bool) -> ProviderError: ...


@dataclass(frozen=True, kw_only=True)
class OAuthServer:
    """`site`, for people, and `api` are base URLs where nothing else stands in for both.

    That is an imitation, or one of many servers; the credentials' `server`, if it is not `api`.
    It asks, gives and takes back at these paths; not the last where it takes nothing back.
    `asks_from` is the base URL where it asks, if that is not the site; `gives_from` that of what
    gives tokens and takes them back, if that is not the API. An access token lives as long as
    `lives` where nothing else is said, and until it is revoked where that is nothing.
    `by_header`: the application proves itself by a header, not in the form. `challenges`: it takes
    PKCE. `nests`: the scope ``write`` is all of ``write:statuses`` and more. `asks_twice`: it wants
    the scopes once more with the code.
    Dialects: `asks_besides` goes along to the page where people are asked, `between` stands between
    scopes there, and `client_called` is its word for ``client_id``.
    """

    site: str = ""
    api: str = ""
    asks_at: str
    gives_at: str
    takes_back_at: str = ""
    asks_from: str = ""
    gives_from: str = ""
    scopes: tuple[str, ...]
    lives: timedelta | None
    by_header: bool
    challenges: bool
    nests: bool = False
    asks_twice: bool = False
    asks_besides: Mapping[str, str] = field(default_factory=dict)
    between: str = " "
    client_called: str = "client_id"

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        asked = {
            "response_type": "code",
            self.client_called: application.client_id,
            "redirect_uri": authorization.redirect_uri,
            "scope": self.between.join(self.scopes),
            "state": authorization.state,
            **self.asks_besides,
        }
        if self.challenges:
            challenge = authorization.code_challenge
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        query = urlencode(asked, quote_via=quote)
        return f"{application.server or self.asks_from or self.site}{self.asks_at}?{query}"

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> dict[str, str]:
        """Credentials for a code: the tokens, and the server that gave them.

        Raises:
            Refused, Unanswered: as `tokens_of` does.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": authorization.redirect_uri,
        }
        if self.challenges:
            form["code_verifier"] = authorization.code_verifier
        if self.asks_twice:
            form["scope"] = self.between.join(self.scopes)
        credentials = {"server": application.server or self.api}
        client = registered(application)
        answer = await self._call(http, credentials, self.gives_at, client, form)
        tokens = tokens_of(
            answer, client=client, lives=self.lives, scopes=self.scopes, nested=self.nests
        )
        return {**credentials, **tokens}

    def typed(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Credentials as somebody has typed them."""
        return {"server": base_url(fields.get("server") or self.api), **typed_tokens(fields)}

    async def renewed_once(
        self,
        http: Http,
        credentials: Mapping[str, str],
        ask: Callable[[Http, Mapping[str, str]], Awaitable[Account]],
    ) -> Account:
        """What `ask` answers; credentials that have expired are renewed, where that can be."""
        try:
            return await ask(http, credentials)
        except Refused as refusal:
            if refusal.code != CREDENTIALS_EXPIRED:
                raise
        return await ask(http, (await self.refresh(http, credentials)).credentials)

    async def refresh(self, http: Http, credentials: Mapping[str, str]) -> Renewal:
        """Others in the place of tokens; what else the credentials hold stays."""
        if self.lives is None or not is_renewable(credentials):
            raise nothing_renews()
        client = client_of(credentials)
        form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]}
        answer = await self._call(http, credentials, self.gives_at, client, form)
        tokens = tokens_of(answer, client=client, lives=self.lives)
        return Renewal(
            credentials={**credentials, **tokens},
            expires_at=expiry_of(tokens, otherwise=answer.received_at + self.lives),
        )

    async def revoke(
        self, http: Http, credentials: Mapping[str, str], names: Sequence[str]
    ) -> None:
        """Take back the tokens of these names, in this order."""
        client = client_of(credentials)
        for name in names:
            if name in credentials:
                form = {"token": credentials[name], "token_type_hint": name}
                answer = await self._call(http, credentials, self.takes_back_at, client, form)
                if answer.status not in _TAKEN_BACK:
                    raise refusal_of(answer, client=client)

    def site_of(self, credentials: Mapping[str, str]) -> str:
        """Where people see posts: beside the API, or where what stands in for it is."""
        return self.site if credentials["server"] == self.api else credentials["server"]

    def life_of(self, credentials: Mapping[str, str], answer: Answer) -> Life:
        """Of an account whose tokens expire, by what was said when they were given."""
        otherwise = answer.received_at + (self.lives or timedelta())
        return Life(
            expires_at=expiry_of(credentials, otherwise=otherwise),
            renewable=is_renewable(credentials),
        )

    async def _call(
        self,
        http: Http,
        credentials: Mapping[str, str],
        path: str,
        client: Client,
        form: Mapping[str, str],
    ) -> Answer:
        server = credentials["server"]
        base = self.gives_from if self.gives_from and server == self.api else server
        headers = {"Authorization": client.basic} if self.by_header else {}
        if not self.by_header:
            form = {**form, self.client_called: client.id, "client_secret": client.secret}
        return await http.request("POST", f"{base}{path}", headers=headers, form=form)


def bearing(credentials: Mapping[str, str]) -> dict[str, str]:
    """The header that shows the access token."""
    return {"Authorization": f"Bearer {credentials['access_token']}"}


async def get(
    http: Http,
    credentials: Mapping[str, str],
    path: str,
    params: Mapping[str, str] | None = None,
    *,
    error_of: ErrorOf,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Read, as whose token it is.

    Raises:
        Refused, Unanswered: of any answer but a success.
    """
    return await ask(
        http,
        credentials,
        path,
        params,
        headers=lambda known: {**bearing(known), **(headers or {})},
        error_of=partial(error_of, renewable=is_renewable(credentials)),
    )
