"""The whole of an organization's content over HTTP: its figures, and a search through all of it."""

from datetime import date, datetime, timedelta
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.content.schemas.fields import Text
from functions.dependencies import requires
from functions.envelopes import Data
from functions.routing import Router
from shared.content.adapters.post_stats import PostStats, post_stats
from shared.content.adapters.search import search
from shared.content.domain.post_status import PostStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.errors import RuleViolation
from shared.kernel.timezones import zone

router = Router(prefix="/api/v1", tags=["posts"])

Reader = Annotated[Actor, requires("posts:read")]

_DAYS = 366
_USUAL = timedelta(days=29)
_Day = Annotated[date | None, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]


class AskForStats(BaseModel):
    timezone: Text | None = Field(
        None, max_length=100, description="An IANA zone; by default the caller's own"
    )
    from_date: _Day = Field(None, description="The first day; by default 29 before the last")
    to_date: _Day = Field(None, description="The last day; by default today")

    @model_validator(mode="after")
    def _demand_a_range(self) -> Self:
        if self.from_date and self.to_date and self.from_date > self.to_date:
            raise PydanticCustomError("INVALID_DATE_RANGE", "from_date is after to_date")
        return self

    def days(self, clock_of: ZoneInfo) -> tuple[date, date]:
        """The first and the last.

        Raises:
            RuleViolation: `INVALID_DATE_RANGE`; there are none, or too many.
        """
        last = self.to_date or max(
            utc_now().astimezone(clock_of).date(), self.from_date or date.min
        )
        first = self.from_date or last - _USUAL
        if (last - first).days >= _DAYS:
            raise RuleViolation(
                "INVALID_DATE_RANGE", f"At most {_DAYS} days are told", field="from_date"
            )
        return first, last


class CountOut(BaseModel):
    name: str
    count: int


class DayOut(BaseModel):
    date: date
    count: int


class StatsOut(BaseModel):
    """A post counts once for each of its channels and tags, of which the 50 most used are told.

    `published_per_day` has each day of the range, on the clock of `timezone`.
    """

    total: int
    by_status: dict[PostStatus, int]
    by_channel: list[CountOut]
    by_tag: list[CountOut]
    published_per_day: list[DayOut]
    timezone: str
    from_date: date
    to_date: date


class PostFoundOut(BaseModel):
    """`excerpt` is the beginning of the description, without its markup."""

    id: UUID
    title: str | None
    excerpt: str
    status: str
    updated_at: datetime


class VariantFoundOut(BaseModel):
    id: UUID
    post_id: UUID
    channel_id: str = Field(validation_alias="channel")
    excerpt: str
    status: str
    updated_at: datetime


class ConnectionFoundOut(BaseModel):
    id: UUID
    channel_id: str = Field(validation_alias="channel")
    display_name: str
    account_username: str
    status: str


class FoundOut(BaseModel):
    """At most five of each; connections for whoever may see them."""

    posts: list[PostFoundOut]
    variants: list[VariantFoundOut]
    connections: list[ConnectionFoundOut]


@router.get("/posts/stats")
def stats(actor: Reader, wanted: Annotated[AskForStats, Query()]) -> Data[StatsOut]:
    """How many posts there are by status, channel and tag, and how many were published each day."""
    named = wanted.timezone or actor.timezone
    clock_of = zone(named)
    first, last = wanted.days(clock_of)
    figures = post_stats(actor, first=first, last=last, zone=clock_of)
    return Data[StatsOut].of(_told(figures, named, first, last))


def _told(figures: PostStats, timezone: str, first: date, last: date) -> dict[str, object]:
    return {**vars(figures), "timezone": timezone, "from_date": first, "to_date": last}


@router.get("/search")
def find(
    actor: Reader,
    q: Annotated[
        Text,
        Query(
            max_length=200,
            description="Words as in GET /posts, or part of an account's name",
            examples=["asparagus"],
        ),
    ],
) -> Data[FoundOut]:
    """Look for posts, variants and connected accounts at once, five of each at most."""
    wanted = q.strip()
    if not wanted:
        raise RuleViolation("VALIDATION_ERROR", "Say what to look for", field="q")
    return Data[FoundOut].of(search(actor, wanted))


app = create_app("Overview")
app.include_router(router)
handler = lambda_handler(app)
