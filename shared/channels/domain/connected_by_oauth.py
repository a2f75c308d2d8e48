"""What is the same at every network that gives and renews tokens as OAuth 2.0 has it (RFC 6749)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.oauth_server import OAuthServer
from shared.channels.domain.provider import Account, Http
from shared.channels.domain.renewal import Renewal


class ConnectedByOAuth(ABC):
    """Of a provider: the half that is about connecting, but for whose a token is."""

    oauth: ClassVar[OAuthServer]
    tokens = ("access_token", "refresh_token")

    @abstractmethod
    async def account(self, http: Http, credentials: Mapping[str, str]) -> Account:
        """Ask whose the access token is.

        Raises:
            Refused, Unanswered
        """

    async def accounts(self, http: Http, credentials: Mapping[str, str]) -> Sequence[Account]:
        """All that it is good for: one, unless a network says otherwise.

        Raises:
            Refused, Unanswered
        """
        return [await self.account(http, credentials)]

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        return self.oauth.authorization_url(application, authorization)

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> Sequence[Account]:
        credentials = await self.oauth.exchange(http, application, authorization, code)
        return await self.accounts(http, credentials)

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Of tokens that were typed; one that has expired is renewed, where that can be."""
        return await self.oauth.renewed_once(http, self.oauth.typed(fields), self.account)

    async def refresh(self, http: Http, credentials: Mapping[str, str]) -> Renewal:
        return await self.oauth.refresh(http, credentials)
