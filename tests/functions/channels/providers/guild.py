"""A network where people say yes, to an application that somebody keeps, for several accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.provider import Account, ErrorClass, Field, Http, Refused
from shared.channels.domain.renewal import Renewal
from shared.channels.domain.tools import Tool
from tests.faults.plain import Plain


@dataclass
class Told:
    """What a test lets the network say, and what it was told."""

    offers: list[str] = field(default_factory=lambda: ["ada"])
    error: Exception | None = None
    lasts: timedelta | None = None
    exchanges: list[tuple[Application, Authorization, str]] = field(default_factory=list)
    shown: list[Mapping[str, str]] = field(default_factory=list)
    revoked: list[Mapping[str, str]] = field(default_factory=list)
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    answer: Any = None


HALLS = Tool(
    title="Halls",
    description="Halls of a town",
    arguments={
        "type": "object",
        "additionalProperties": False,
        "required": ["town"],
        "properties": {
            "town": {"title": "Town", "description": "Its name", "type": "string", "minLength": 1}
        },
    },
)
FLAGS = Tool(title="Flags", description="All flags there are")


@dataclass(frozen=True, kw_only=True)
class Guild(Plain):
    """In this process; it repeats the application's secrets in whatever it answers."""

    connect_fields: tuple[Field, ...] = ()
    tokens: tuple[str, ...] = ("access_token", "refresh_token")
    scopes: tuple[str, ...] = ("publish",)
    tools: Mapping[str, Tool] = field(default_factory=lambda: {"halls": HALLS, "flags": FLAGS})
    told: Told = field(default_factory=Told)

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        asked = {
            "client_id": application.client_id,
            "redirect_uri": authorization.redirect_uri,
            "state": authorization.state,
            "code_challenge": authorization.code_challenge,
        }
        return f"{application.server or 'https://guild.example'}/authorize?{urlencode(asked)}"

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> Sequence[Account]:
        self.told.exchanges.append((application, authorization, code))
        if self.told.error is not None:
            raise self.told.error
        client = {"client_id": application.client_id, "client_secret": application.client_secret}
        return [self._account({"account": name, **client}) for name in self.told.offers]

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        self.told.shown.append(dict(fields))
        self._demand_client(fields)
        return self._account(fields)

    async def refresh(self, http: Http, credentials: Mapping[str, str]) -> Renewal:
        self.told.shown.append(dict(credentials))
        self._demand_client(credentials)
        renewed = {**credentials, "access_token": "renewed-token"}
        return Renewal(credentials=renewed, expires_at=datetime.now(UTC) + timedelta(hours=2))

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        self.told.revoked.append(dict(credentials))
        if self.told.error is not None:
            raise self.told.error

    async def use_tool(
        self,
        http: Http,
        credentials: Mapping[str, str],
        name: str,
        arguments: Mapping[str, Any],
    ) -> Any:
        return self._answer(credentials, name, arguments)

    async def account_metrics(self, http: Http, credentials: Mapping[str, str]) -> dict[str, int]:
        counted: dict[str, int] = self._answer(credentials, "account", {})
        return counted

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> dict[str, int]:
        counted: dict[str, int] = self._answer(credentials, external_id, {})
        return counted

    def _answer(
        self, credentials: Mapping[str, str], name: str, arguments: Mapping[str, Any]
    ) -> Any:
        self.told.shown.append(dict(credentials))
        self.told.asked.append((name, arguments))
        if self.told.error is not None:
            error, self.told.error = self.told.error, None
            raise error
        return self.told.answer

    def _demand_client(self, credentials: Mapping[str, Any]) -> None:
        if not credentials.get("client_secret"):
            raise Refused(ErrorClass.AUTHENTICATION, "CLIENT_MISSING", "Who is asking?")

    def _account(self, credentials: Mapping[str, str]) -> Account:
        name = credentials["account"]
        return Account(
            external_id=f"urn:{name}",
            username=f"@{name}",
            display_name=name.title(),
            url=f"https://guild.example/{name}",
            avatar_url=None,
            credentials={
                **credentials,
                "access_token": f"token-of-{name}",
                "refresh_token": f"refresh-token-of-{name}",
            },
            expires_at=datetime.now(UTC) + self.told.lasts if self.told.lasts else None,
            kind="organization" if name.endswith("-inc") else "person",
        )


provider = Guild(title="Guild", recovery="none")
