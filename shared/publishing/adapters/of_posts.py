"""The live schedules of posts, as content asks about them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shared.infrastructure.database import among_given
from shared.infrastructure.pipelining import answers, ask
from shared.kernel.actor import Actor
from shared.publishing.adapters.reach import reached_through_connections
from shared.publishing.adapters.tables import schedules
from shared.publishing.domain.schedule import Status
from shared.publishing.domain.waiting import WaitingReason


@dataclass(frozen=True, kw_only=True)
class PostSchedule:
    """`channel` is the slug; `timezone` the IANA zone the author thinks in."""

    id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    channel: str
    run_at: datetime
    timezone: str
    status: Status
    part: int
    created_by: UUID


_STATUSES = (
    select(
        schedules.c.post_id,
        func.array_agg(cast(schedules.c.status, Text).distinct()).label("statuses"),
    )
    .where(
        among_given(schedules.c.post_id, "posts"),
        schedules.c.deleted_at.is_(None),
        schedules.c.waiting_reason.is_distinct_from(WaitingReason.PREVIOUS_PART),
    )
    .group_by(schedules.c.post_id)
)


def statuses_of_posts(
    session: Session, post_ids: Collection[UUID]
) -> Mapping[UUID, Collection[str]]:
    """What waits for the part before it says nothing: that part says how the thread goes on."""
    return dict(answers(session, _STATUSES, {"posts": list(post_ids)}))


_COUNT = (
    select(schedules.c.post_id, func.count())
    .where(among_given(schedules.c.post_id, "posts"), schedules.c.deleted_at.is_(None))
    .group_by(schedules.c.post_id)
)
_COUNT_ON_CHANNELS = _COUNT.where(
    schedules.c.channel == any_(bindparam("channels", type_=ARRAY(Text)))
)


def count_of_posts(
    session: Session, post_ids: Collection[UUID], *, channels: Collection[str] | None
) -> Callable[[], Mapping[UUID, int]]:
    """How many each post has, whatever their status, on these channels; None: on all there are.

    It is asked at once, and answered when it is called.
    """
    if channels is None:
        asked = ask(session, _COUNT, {"posts": list(post_ids)})
    else:
        values = {"posts": list(post_ids), "channels": sorted(channels)}
        asked = ask(session, _COUNT_ON_CHANNELS, values)
    return lambda: dict(asked.rows())


def schedules_of_post(session: Session, actor: Actor, post_id: UUID) -> Sequence[PostSchedule]:
    """Those within the reach of the actor's permission, the next to leave first."""
    columns = schedules.c
    shown = [columns[name] for name in PostSchedule.__dataclass_fields__]
    rows = session.execute(
        select(*shown)
        .where(
            columns.post_id == post_id,
            columns.deleted_at.is_(None),
            *reached_through_connections(session, schedules, actor),
        )
        .order_by(columns.run_at, columns.id)
    )
    return [PostSchedule(**row._mapping) for row in rows]  # noqa: SLF001 its public name
