"""Bodies of connecting: what is asked for, the way to a network, and what one comes back with."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from functions.channels.schemas.connections import ConnectionOut
from shared.channels.api import catalogue
from shared.channels.application.connecting.come_back import Choice
from shared.channels.application.connecting.ports import Returned
from shared.channels.application.connecting.set_out import Departure
from shared.channels.domain.connection import Connection

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
        description=(
            "A page of the front end to come back to; this API's own callback without it."
            " Where a channel has many servers: its `channels/callback`, or its root."
            " A program that acts by an API key must give one, and completes by the same key"
        ),
    ),
]
_CONNECTING: list[Any] = [
    {"channel_id": "mastodon", "mock_connection": True},
    {"channel_id": "x", "mock_connection": True},
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


class ReturnedInAddress(BaseModel):
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
    choice_id: UUID
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
            choice_id=choice.id,
            expires_in=choice.expires_in,
        )


class ChooseAccounts(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "choice_id": "0192f3a4-5b6c-7d8e-9f00-112233445566",
                    "account_ids": ["urn:li:organization:2414183"],
                }
            ]
        }
    )

    choice_id: UUID
    account_ids: list[str] = Field(min_length=1, max_length=100)


class ConnectedOut(BaseModel):
    connections: Sequence[ConnectionOut]

    @classmethod
    def of(cls, connections: Sequence[Connection]) -> Self:
        return cls(connections=[ConnectionOut.model_validate(one) for one in connections])
