"""The networks where accounts are connected by OAuth: a synchronous door to their providers."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from shared.channels.adapters.accounts import believable
from shared.channels.adapters.lending import opened, taken_back
from shared.channels.adapters.networks import networks, only_provider_errors
from shared.channels.adapters.registry import load
from shared.channels.domain.authorization import (
    Application,
    Authorizable,
    Authorization,
    Registering,
)
from shared.channels.domain.kept_application import KeptApplication
from shared.channels.domain.provider import Account, ErrorClass, Http, Refused
from shared.infrastructure.cache import cache
from shared.infrastructure.environment import EnvironmentSettings
from shared.infrastructure.http_client import waited_for
from shared.kernel.errors import LimitExceeded

Answer = TypeVar("Answer")

SERVERS_A_DAY = 20
"""So often are we made known at a server for one organization: each costs a call, and a row."""
_DAY = 24 * 60 * 60
_LONGEST = 1000


class ProvidersAuthorizing:
    def authorizes(self, channel: str) -> bool:
        return isinstance(load(channel), Authorizable)

    def registers(self, channel: str) -> bool:
        return isinstance(load(channel), Registering)

    def server(self, channel: str, typed: str) -> str:
        with only_provider_errors(()):
            server = _registering(channel).server(typed)
        if not server.startswith("https://") and EnvironmentSettings.read().is_production:
            words = "A server is spoken to by https only."
            raise Refused(ErrorClass.CONTENT, "INVALID_ADDRESS", words)
        return server

    def demand_turn(self, organization_id: UUID) -> None:
        """Without a cache nothing is counted, and nobody is kept out."""
        counted = cache().hit(f"servers:{organization_id}", seconds=_DAY)
        if counted is not None and counted > SERVERS_A_DAY:
            raise LimitExceeded(
                "TOO_MANY_SERVERS",
                f"No more than {SERVERS_A_DAY} servers a day are connected to for the first time",
                retry_after=_DAY,
                limit=SERVERS_A_DAY,
            )

    def register(self, channel: str, server: str, redirect_uri: str) -> Application:
        provider = _registering(channel)

        async def register(http: Http) -> Application:
            return _spoken(await provider.register(http, server, redirect_uri))

        return _asked(register, ())

    def authorization_url(
        self, channel: str, application: KeptApplication, authorization: Authorization
    ) -> str:
        return _authorizable(channel).authorization_url(opened(application), authorization)

    def exchange(
        self,
        channel: str,
        application: KeptApplication,
        authorization: Authorization,
        code: str,
    ) -> Sequence[Account]:
        provider, client = _authorizable(channel), opened(application)
        said = (code, authorization.code_verifier, authorization.state)
        secrets = (client.client_secret, client.bot_token, *said)

        async def exchange(http: Http) -> Sequence[Account]:
            accounts = await provider.exchange(http, client, authorization, code)
            return [believable(taken_back(account, {})) for account in accounts]

        return _asked(exchange, secrets)


def _asked(ask: Callable[[Http], Awaitable[Answer]], secrets: Iterable[str]) -> Answer:
    async def run() -> Answer:
        with only_provider_errors(secrets):
            async with networks() as http:
                return await ask(http)

    return waited_for(run())


def _spoken(application: Application) -> Application:
    """As what a server knows us, if it has the right shape."""
    words = (application.client_id, application.client_secret)
    if not all(isinstance(word, str) and word for word in words):
        raise TypeError("an application has an id and a secret")
    if any(len(word) > _LONGEST for word in words):
        raise ValueError("an application has an id and a secret of a reasonable length")
    return application


def _authorizable(channel: str) -> Authorizable:
    provider = load(channel)
    if not isinstance(provider, Authorizable):
        raise TypeError(f"accounts of {channel} are not connected by OAuth")
    return provider


def _registering(channel: str) -> Registering:
    provider = load(channel)
    if not isinstance(provider, Registering):
        raise TypeError(f"at {channel} we are known by what somebody keeps")
    return provider
