"""Connecting an account by OAuth 2.0: a person says yes at the network, and comes back with a code.

Sources: RFC 6749, RFC 7636 (PKCE), RFC 7009 (revocation), RFC 9700 (current practice).
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, runtime_checkable

from shared.channels.domain.provider import Account, Http


@dataclass(frozen=True, kw_only=True)
class Application:
    """As what a network knows us.

    `server` is the base URL of a network that has many, or of the imitation of one; empty where
    the network has but one. `bot_token` is of networks where an application acts as a bot.
    """

    client_id: str
    client_secret: str = field(repr=False)
    server: str = ""
    bot_token: str = field(default="", repr=False)

    @property
    def secrets(self) -> dict[str, str]:
        """What is kept encrypted of it."""
        bot = {"bot_token": self.bot_token} if self.bot_token else {}
        return {"client_id": self.client_id, "client_secret": self.client_secret, **bot}


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """One person's way to the network and back; the same words go with them both times.

    `state` and `code_verifier` are random and used once. `redirect_uri` is where they come back.
    """

    redirect_uri: str
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)

    @property
    def code_challenge(self) -> str:
        """By the method S256."""
        digest = sha256(self.code_verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


@runtime_checkable
class Authorizable(Protocol):
    """What a provider is besides, whose accounts are connected by OAuth 2.0.

    The credentials that `Provider.connect`, `Provider.publish`, `Renewable.refresh` and `revoke`
    are handed hold `client_id` and `client_secret` of the application as it is now, beside what
    was kept; they are taken out again of whatever the provider answers.
    """

    scopes: tuple[str, ...]
    """Asked for, all of them needed."""

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        """Where to send the person."""

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> Sequence[Account]:
        """Turn the code into accounts: whatever the person may publish to, themselves first.

        Raises:
            Refused: class authentication where the code is not good, class permission with the code
                `SCOPES_MISSING` where the person has granted less than was asked for.
            Unanswered: no trustworthy answer.
        """

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Have the network forget the credentials, as far as it offers that.

        Raises:
            Refused, Unanswered: they may be good still.
        """


@runtime_checkable
class Registering(Protocol):
    """What a provider is besides, with which an application registers itself, at each server."""

    def server(self, typed: str) -> str:
        """The base URL of what a person calls their server.

        Raises:
            Refused: class content; it is none.
        """

    async def register(self, http: Http, server: str, redirect_uri: str) -> Application:
        """Make us known at a server.

        Raises:
            Refused, Unanswered
        """
