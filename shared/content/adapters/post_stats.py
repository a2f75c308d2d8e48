"""What an organization's posts come to: by status, channel and tag, and day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, cast, distinct, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shared.content.adapters.tables import post_variants, posts
from shared.content.domain.post_status import PostStatus
from shared.infrastructure.database import transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor

TAGS_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many posts have something in common, by its name."""

    name: str
    count: int


@dataclass(frozen=True, kw_only=True)
class PublishedOn:
    """`date` is a day on the clock of the zone that was asked for."""

    date: date
    count: int


@dataclass(frozen=True, kw_only=True)
class PostStats:
    """A post counts once for each channel it has a live variant for, and once for each tag.

    Of tags, the `TAGS_SHOWN` most used; of days, each of the range.
    """

    total: int
    by_status: dict[PostStatus, int]
    by_channel: Sequence[Counted]
    by_tag: Sequence[Counted]
    published_per_day: Sequence[PublishedOn]


def post_stats(actor: Actor, *, first: date, last: date, zone: ZoneInfo) -> PostStats:
    """Live posts within the actor's reach; those published by day from `first` to `last`."""
    live = [*within_reach(posts, actor), posts.c.deleted_at.is_(None)]
    with transaction() as session:
        by_status = _by_status(session, live)
        return PostStats(
            total=sum(by_status.values()),
            by_status=by_status,
            by_channel=_by_channel(session, actor, live),
            by_tag=_by_tag(session, live),
            published_per_day=_published(session, live, first, last, zone),
        )


def _by_status(session: Session, live: Sequence[ColumnElement[bool]]) -> dict[PostStatus, int]:
    rows = session.execute(
        select(posts.c.status, func.count()).where(*live).group_by(posts.c.status)
    )
    return dict.fromkeys(PostStatus, 0) | dict(rows.all())


def _by_channel(
    session: Session, actor: Actor, live: Sequence[ColumnElement[bool]]
) -> Sequence[Counted]:
    count = func.count(distinct(post_variants.c.post_id))
    rows = session.execute(
        select(post_variants.c.channel, count)
        .join(posts, posts.c.id == post_variants.c.post_id)
        .where(*live, *within_reach(post_variants, actor), post_variants.c.deleted_at.is_(None))
        .group_by(post_variants.c.channel)
        .order_by(count.desc(), post_variants.c.channel)
    )
    return [Counted(name=channel, count=number) for channel, number in rows]


def _by_tag(session: Session, live: Sequence[ColumnElement[bool]]) -> Sequence[Counted]:
    tagged = select(func.unnest(posts.c.tags).label("name")).where(*live).subquery()
    count = func.count()
    rows = session.execute(
        select(tagged.c.name, count)
        .group_by(tagged.c.name)
        .order_by(count.desc(), tagged.c.name)
        .limit(TAGS_SHOWN)
    )
    return [Counted(name=name, count=number) for name, number in rows]


def _published(
    session: Session,
    live: Sequence[ColumnElement[bool]],
    first: date,
    last: date,
    zone: ZoneInfo,
) -> Sequence[PublishedOn]:
    """By our own clock of the zone: PostgreSQL may know other zones than we do."""
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    midnights = [_midnight(day, zone) for day in [*days, last + timedelta(days=1)]]
    begins = cast(midnights[:-1], ARRAY(DateTime(timezone=True)))
    day = func.width_bucket(posts.c.published_at, begins)
    rows = session.execute(
        select(day, func.count())
        .where(
            *live,
            posts.c.published_at >= midnights[0],
            posts.c.published_at < midnights[-1],
        )
        .group_by(day)
    )
    counts: dict[int, int] = dict(rows.all())
    return [
        PublishedOn(date=each, count=counts.get(number, 0)) for number, each in enumerate(days, 1)
    ]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the day, also where daylight saving skips its midnight."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)
