"""Bodies of the channels' requests and answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field

from functions.envelopes import ChannelName
from functions.filters import Slug
from shared.channels.api import catalogue
from shared.channels.application.prove_connection import Proof
from shared.channels.domain.connection import Status
from shared.channels.domain.health import ConnectionHealth, Forecast, forecast
from shared.kernel.clock import utc_now
from shared.kernel.paging import Page, Paging

StatusWord = Literal["connected", "error", "disconnected"]


class UpdateConnection(BaseModel):
    """What is absent stays; null takes the daily cap away.

    A post leaves if at most `lateness_minutes` late, no sooner than `minimum_gap_seconds` after the
    one before it, and as one of at most `daily_cap` within 24 hours.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"lateness_minutes": 120, "minimum_gap_seconds": 300, "daily_cap": 20}]
        }
    )

    display_name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
    ] = ""
    lateness_minutes: int = Field(60, ge=1, le=10_080)
    minimum_gap_seconds: int = Field(0, ge=0, le=86_400)
    daily_cap: int | None = Field(None, ge=1, le=10_000)


class ConnectionOut(BaseModel):
    """A connected account; nothing of its credentials but when they expire.

    They are refreshed at `refreshes_at`, by nobody where that is null; `refresh_attempts` have
    failed since they were given. `health` says all of that in a word. `limits.max_length`, where
    it is there, is how long a text this account may publish, instead of its channel's limit.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    channel_id: str = Field(validation_alias="channel")
    display_name: str
    account_username: str
    account_url: str | None
    account_avatar: str | None
    limits: dict[str, int]
    status: StatusWord
    error_message: str | None
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None
    disconnected_at: datetime | None
    token_expires_at: datetime | None
    refreshes_at: datetime | None = Field(validation_alias="next_refresh_at")
    refresh_attempts: int
    refresh_lease_until: datetime | None = Field(exclude=True)
    lateness_minutes: int
    minimum_gap_seconds: int
    daily_cap: int | None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def channel(self) -> ChannelName:
        return ChannelName.of(catalogue.channel(self.channel_id))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def health(self) -> ConnectionHealth:
        return self.forecast().health

    @computed_field  # type: ignore[prop-decorator]
    @property
    def expires_in_days(self) -> int | None:
        return self.forecast().expires_in_days

    def forecast(self) -> Forecast:
        return forecast(
            status=Status(self.status),
            token_expires_at=self.token_expires_at,
            next_refresh_at=self.refreshes_at,
            refresh_attempts=self.refresh_attempts,
            refresh_lease_until=self.refresh_lease_until,
            now=utc_now(),
        )


class ConnectionHealthOut(BaseModel):
    """How an account is doing, and whether and when somebody has to connect it anew.

    `error_message` is the network's own words, of an account in error. `expires_in_days` is 0 on
    the last day, null where the credentials last until they are revoked.
    """

    connection_id: UUID
    status: StatusWord
    health: ConnectionHealth
    error_message: str | None
    last_used_at: datetime | None
    token_expires_at: datetime | None
    expires_in_days: int | None
    refreshes_at: datetime | None
    refresh_attempts: int
    person_needed: bool
    person_needed_at: datetime | None

    @classmethod
    def of(cls, connection: ConnectionOut) -> Self:
        foreseen = connection.forecast()
        return cls(
            connection_id=connection.id,
            status=connection.status,
            health=foreseen.health,
            error_message=connection.error_message,
            last_used_at=connection.last_used_at,
            token_expires_at=connection.token_expires_at,
            expires_in_days=foreseen.expires_in_days,
            refreshes_at=connection.refreshes_at,
            refresh_attempts=connection.refresh_attempts,
            person_needed=foreseen.person_needed,
            person_needed_at=foreseen.person_needed_at,
        )


class PagesOut(BaseModel):
    """`total` counts all that match."""

    page: int
    limit: int
    total: int
    total_pages: int
    has_next: bool
    has_prev: bool

    @classmethod
    def of(cls, paging: Paging, total: int) -> Self:
        pages = paging.pages(total)
        return cls(
            page=paging.number,
            limit=paging.limit,
            total=total,
            total_pages=pages,
            has_next=paging.number < pages,
            has_prev=paging.number > 1,
        )


class FiltersOut(BaseModel):
    """What the list was narrowed to; `all` hides nothing but what is disconnected."""

    status: StatusWord | Literal["all"]
    channel_id: str | None


class ListConnections(BaseModel):
    status: StatusWord | None = None
    channel_id: Slug | None = None
    page: int = Field(1, ge=1, le=10_000)
    limit: int = Field(20, ge=1, le=100)


class ConnectionsOut(BaseModel):
    data: Sequence[ConnectionOut]
    pagination: PagesOut
    filters: FiltersOut

    @classmethod
    def of(cls, page: Page[Any], paging: Paging, wanted: ListConnections) -> Self:
        return cls(
            data=[ConnectionOut.model_validate(row) for row in page.items],
            pagination=PagesOut.of(paging, page.total),
            filters=FiltersOut(status=wanted.status or "all", channel_id=wanted.channel_id),
        )


class DisconnectedOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    status: StatusWord
    disconnected_at: datetime
    message: str = "Channel connection successfully disconnected"


class AccountOut(BaseModel):
    """Who the network says this is."""

    id: str
    name: str
    username: str


class ProofOut(BaseModel):
    """`success` is the network's word; without it `message` says what the network said."""

    success: bool
    message: str
    tested_at: datetime
    user_info: AccountOut | None

    @classmethod
    def of(cls, proof: Proof) -> Self:
        connection = proof.connection
        if proof.refused is not None:
            return cls(
                success=False,
                message=proof.refused.words,
                tested_at=connection.updated_at,
                user_info=None,
            )
        return cls(
            success=True,
            message="The connection works",
            tested_at=connection.updated_at,
            user_info=AccountOut(
                id=connection.external_account_id,
                name=connection.display_name,
                username=connection.account_username,
            ),
        )
