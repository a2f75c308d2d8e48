"""The networks there are, as they are answered."""

from collections.abc import Collection
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from shared.channels.api import catalogue


class LimitsOut(BaseModel):
    """`max_text_length` is in the units that `counts` names.

    It is what every account may write; a connection's own `limits` may allow more.
    """

    max_text_length: int
    counts: str


class FieldOut(BaseModel):
    """One thing a person types under its `name`; `secret` ones are never shown again.

    What is `optional`, or has a `default`, may be left out; without either it is needed.
    """

    model_config = ConfigDict(from_attributes=True)

    name: str
    label: str
    secret: bool
    optional: bool
    default: str | None


class QuotaOut(BaseModel):
    """So many posts of one account in any stretch of time as long as the period."""

    limit: int
    period_seconds: int


class ChannelOut(BaseModel):
    """A network; its id and its key are the same word. `threads`: it takes replies.

    `auth` is `oauth2` where people say yes at the network; `connect_fields` are what may be typed
    instead, if there are any. `needs_server`: there are many servers, and one is to be named.
    `configured`: an account can be connected now; where that takes an application, there is one.
    `settings_schema` is the JSON Schema (draft 2020-12) of a variant's `settings`.
    """

    id: str
    key: str
    name: str
    threads: bool
    status: Literal["active"] = "active"
    limits: LimitsOut
    quotas: list[QuotaOut]
    connect_fields: list[FieldOut]
    auth: Literal["fields", "oauth2"]
    needs_server: bool
    configured: bool
    settings_schema: dict[str, Any]

    @classmethod
    def of(cls, channel: catalogue.Channel, known_at: Collection[str]) -> Self:
        """`known_at` are the channels at which there is an application."""
        return cls(
            id=channel.id,
            key=channel.id,
            name=channel.title,
            threads=channel.threads,
            limits=LimitsOut(max_text_length=channel.max_length, counts=channel.counts),
            quotas=[
                QuotaOut(limit=each.limit, period_seconds=int(each.period.total_seconds()))
                for each in channel.quotas
            ],
            connect_fields=[FieldOut.model_validate(field) for field in channel.connect_fields],
            auth="oauth2" if channel.oauth else "fields",
            needs_server=channel.has_servers,
            configured=not channel.oauth or channel.has_servers or channel.id in known_at,
            settings_schema=dict(channel.settings_schema),
        )
