"""A network's OAuth 2.0: where it asks people, and how it gives, renews and takes back tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote, urlencode

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.oauth_tokens import (
    Client,
    client_of,
    expiry_of,
    nothing_renews,
    refusal_of,
    registered,
    tokens_of,
)
from shared.channels.domain.provider import Answer, Http
from shared.channels.domain.renewal import Renewal


@dataclass(frozen=True, kw_only=True)
class OAuthServer:
    """`site` and `api` are base URLs where no imitation stands in for both.

    It asks, gives and takes back at these paths; not the last where it takes nothing back.
    An access token lives as long as `lives` where nothing else is said. `by_header`: the
    application proves itself by a header, not in the form. `challenges`: it takes PKCE.
    """

    site: str
    api: str
    asks_at: str
    gives_at: str
    scopes: tuple[str, ...]
    lives: timedelta
    by_header: bool
    challenges: bool
    takes_back_at: str = ""

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        asked = {
            "response_type": "code",
            "client_id": application.client_id,
            "redirect_uri": authorization.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": authorization.state,
        }
        if self.challenges:
            challenge = authorization.code_challenge
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        query = urlencode(asked, quote_via=quote)
        return f"{application.server or self.site}{self.asks_at}?{query}"

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> dict[str, str]:
        """The tokens for a code.

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
        client = registered(application)
        answer = await self._call(http, application.server, self.gives_at, client, form)
        return tokens_of(answer, client=client, lives=self.lives, scopes=self.scopes)

    async def refresh(self, http: Http, credentials: Mapping[str, str], server: str) -> Renewal:
        """Others in the place of tokens; what else the credentials hold stays."""
        if "refresh_token" not in credentials:
            raise nothing_renews()
        client = client_of(credentials)
        form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]}
        answer = await self._call(http, server, self.gives_at, client, form)
        tokens = tokens_of(answer, client=client, lives=self.lives)
        return Renewal(
            credentials={**credentials, **tokens},
            expires_at=expiry_of(tokens, otherwise=answer.received_at + self.lives),
        )

    async def revoke(
        self, http: Http, credentials: Mapping[str, str], server: str, names: Sequence[str]
    ) -> None:
        """Take back the tokens of these names, in this order."""
        client = client_of(credentials)
        for name in names:
            if name in credentials:
                form = {"token": credentials[name], "token_type_hint": name}
                answer = await self._call(http, server, self.takes_back_at, client, form)
                if answer.status != HTTPStatus.OK:
                    raise refusal_of(answer, client=client)

    async def _call(
        self, http: Http, server: str, path: str, client: Client, form: Mapping[str, str]
    ) -> Answer:
        headers = {"Authorization": client.basic} if self.by_header else {}
        if not self.by_header:
            form = {**form, **client.form}
        return await http.request("POST", f"{server or self.api}{path}", headers=headers, form=form)
