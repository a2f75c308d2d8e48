"""What is the same of networks whose accounts are pages of Facebook, or belong to one."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.media import NO_MEDIA, MediaRules
from shared.channels.domain.meta.login import CONNECT_FIELDS, page_of_token, pages_of_person
from shared.channels.domain.oauth_server import OAuthServer
from shared.channels.domain.provider import Account, ErrorClass, Field, Http, Refused


class PageProvider(ABC):
    """Of a provider: connecting by pages, whose tokens do not expire, and what stories lack.

    `page_fields` are asked of a page; `without` says what it is that somebody has none of.
    """

    login: ClassVar[OAuthServer]
    page_fields: ClassVar[str]
    without: ClassVar[str]
    max_length: int
    connect_fields: tuple[Field, ...] = CONNECT_FIELDS
    tokens: tuple[str, ...] = ()

    @abstractmethod
    def account_of(self, page: Mapping[str, Any], credentials: Mapping[str, str]) -> Account | None:
        """What is published to by way of a page; nothing where it has no such account."""

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        return self.login.authorization_url(application, authorization)

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> Sequence[Account]:
        """Of all pages that the person may post for."""
        server, pages = await pages_of_person(
            http,
            application,
            authorization,
            code,
            scopes=self.login.scopes,
            fields=self.page_fields,
        )
        tokens = [{"server": server, "access_token": str(page["access_token"])} for page in pages]
        found = map(self.account_of, pages, tokens)
        return self._some([account for account in found if account is not None])

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Ask whose the token is; a person's is refused, for they lack the fields of a page."""
        credentials = self.login.typed(fields)
        account = self.account_of(
            await page_of_token(http, credentials, self.page_fields), credentials
        )
        return self._some([account] if account else [])[0]

    def _some(self, accounts: Sequence[Account]) -> Sequence[Account]:
        if not accounts:
            raise Refused(ErrorClass.PERMISSION, "NO_ACCOUNTS", self.without)
        return accounts

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Nothing: a person's permissions are of all their pages, and end at Facebook."""

    def count_settings(self, settings: Mapping[str, Any]) -> int:
        """A story has no words: all the room is used up."""
        return self.max_length if settings.get("post_type") == "story" else 0

    def follow_up_media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        """A comment has words alone."""
        return NO_MEDIA
