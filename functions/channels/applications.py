"""The applications as which networks know us: an organization's own, and everybody's."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from functions.dependencies import requires
from functions.envelopes import Data
from functions.routing import Router
from shared.channels.adapters import application_queries
from shared.channels.adapters.authorizing import ProvidersAuthorizing
from shared.channels.adapters.postgres import begin
from shared.channels.adapters.simulator import imitation_at
from shared.channels.adapters.vault import seal
from shared.channels.api import catalogue
from shared.channels.application.applications.configurable import demand_configurable
from shared.channels.application.applications.keep_application import keep_application
from shared.channels.application.applications.remove_application import remove_application
from shared.channels.domain.authorization import Application
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now

router = Router(prefix="/api/v1/channels", tags=["channels"])

Configurer = Annotated[Actor, requires("channels:configure")]
Scope = Annotated[
    Literal["organization", "platform"],
    Query(description="`platform`: everybody's, who have none of their own; for root alone"),
]
_ASKING = refuses(HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST)


def _visible(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("This must be visible ASCII characters")
    return secret


def _visible_if_any(secret: SecretStr | None) -> SecretStr | None:
    return secret and _visible(secret)


class ConfigureChannel(BaseModel):
    """What the network shows to whoever has made an application there.

    `bot_token` is of networks where the application acts as a bot, such as Discord. `server` is
    where an imitation of the network is, in development and test only.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"client_id": "Rm9vQmFyQmF6", "client_secret": "Zm9vYmFyYmF6cXV4Zm9v"}]
        }
    )

    client_id: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[!-~]{1,500}$")]
    client_secret: Annotated[
        SecretStr, Field(min_length=1, max_length=1000), AfterValidator(_visible)
    ]
    bot_token: Annotated[
        SecretStr | None, Field(min_length=1, max_length=1000), AfterValidator(_visible_if_any)
    ] = None
    server: str | None = Field(default=None, min_length=1, max_length=255)


class ApplicationOut(BaseModel):
    """Nothing of the secret, and of the id enough to know it by."""

    configured: bool
    scope: Literal["organization", "platform"]
    channel_key: str
    id: UUID | None = None
    channel_id: str | None = None
    client_id_masked: str | None = None
    server: str | None = None
    is_active: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, found: Any, channel: str, scope: Literal["organization", "platform"]) -> Self:
        if found is None:
            return cls(configured=False, scope=scope, channel_key=channel)
        return cls(
            configured=True,
            scope=scope,
            channel_key=channel,
            id=found.id,
            channel_id=channel,
            client_id_masked=found.client_id_masked,
            server=found.server or None,
            is_active=True,
            created_at=found.created_at,
            updated_at=found.updated_at,
        )


class ConfiguredOut(BaseModel):
    message: str
    channel_key: str
    data: ApplicationOut


class RemovedOut(BaseModel):
    message: str = "The credentials are removed"
    channel_key: str


@router.get("/{channel_key}/oauth-credentials", responses=_ASKING)
def get_application(
    channel_key: str, actor: Configurer, scope: Scope = "organization"
) -> Data[ApplicationOut]:
    """Tell as what the network knows us; its secret is never told again."""
    channel = catalogue.channel(channel_key).id
    for_all = scope == "platform"
    demand_configurable(ProvidersAuthorizing(), actor, channel, for_all=for_all)
    found = application_queries.application(actor, channel, for_all=for_all)
    return Data(data=ApplicationOut.of(found, channel, scope))


@router.put("/{channel_key}/oauth-credentials", responses=_ASKING)
def configure(
    channel_key: str, body: ConfigureChannel, actor: Configurer, scope: Scope = "organization"
) -> ConfiguredOut:
    """Keep an application's credentials, in the place of those that were there."""
    channel = catalogue.channel(channel_key).id
    kept = keep_application(
        begin,
        ProvidersAuthorizing(),
        seal,
        utc_now,
        actor=actor,
        channel=channel,
        for_all=scope == "platform",
        application=Application(
            client_id=body.client_id,
            client_secret=body.client_secret.get_secret_value(),
            server=imitation_at(body.server) if body.server else "",
            bot_token=body.bot_token.get_secret_value() if body.bot_token else "",
        ),
    )
    return ConfiguredOut(
        message="The credentials are kept",
        channel_key=channel,
        data=ApplicationOut.of(kept, channel, scope),
    )


@router.delete("/{channel_key}/oauth-credentials", responses=_ASKING)
def remove(channel_key: str, actor: Configurer, scope: Scope = "organization") -> RemovedOut:
    """Forget an application's credentials; well, too, where there are none."""
    channel = catalogue.channel(channel_key).id
    remove_application(
        begin,
        ProvidersAuthorizing(),
        utc_now,
        actor=actor,
        channel=channel,
        for_all=scope == "platform",
    )
    return RemovedOut(channel_key=channel)


app = create_app("Applications")
app.include_router(router)
handler = lambda_handler(app)
