"""Publishing's transaction: schedules and their ledger in PostgreSQL, a set at a time."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import UUID

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import Session

from shared.infrastructure.database import among, transaction
from shared.infrastructure.insertion import insert_new
from shared.infrastructure.metrics import measure
from shared.infrastructure.pipelining import UNAWAITED
from shared.kernel.ids import new_ids
from shared.operations.api.events import RecordedHappenings
from shared.publishing.adapters import sql, tables
from shared.publishing.adapters.budgets import PostgresBudgets
from shared.publishing.adapters.connections import ChannelsConnections
from shared.publishing.adapters.ledger import PostgresLedger
from shared.publishing.adapters.neighbours import neighbours
from shared.publishing.adapters.owners import IdentityOwners
from shared.publishing.adapters.posts import ContentPosts
from shared.publishing.adapters.progress import read_progress, written_progress
from shared.publishing.application.ports import Claimed, Skipped
from shared.publishing.domain.attempt import Attempt, Claim, Conclusion, Place
from shared.publishing.domain.crowding import Neighbours, Saying
from shared.publishing.domain.schedule import Schedule, Status
from shared.publishing.domain.skipping import NOTHING_BEFORE, Skip
from shared.publishing.domain.waiting import Hold
from shared.publishing.domain.window import LEAD

CONSIDERED = 20_000
"""How many of what is due are looked at for whose turn it is."""


class PostgresSchedules:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, *schedules: Schedule) -> None:
        insert_new(self._session, *schedules)

    def get_for_update(self, schedule_id: UUID) -> Schedule | None:
        query = select(Schedule).where(
            tables.schedules.c.id == schedule_id, tables.schedules.c.deleted_at.is_(None)
        )
        return self._session.scalars(query.with_for_update()).one_or_none()

    def get_all_for_update(self, schedule_ids: Collection[UUID]) -> Mapping[UUID, Schedule]:
        columns, part = tables.schedules.c, tables.schedules.alias().c
        asked = among(columns.id, schedule_ids)
        of_threads = select(part.id).join_from(
            tables.schedules,
            part.id.table,
            part.root_schedule_id == func.coalesce(columns.root_schedule_id, columns.id),
        )
        query = (
            select(Schedule)
            .where(
                columns.id.in_(union(select(columns.id).where(asked), of_threads.where(asked))),
                columns.deleted_at.is_(None),
            )
            .order_by(columns.id)
            .with_for_update()
        )
        held = {schedule.id: schedule for schedule in self._session.scalars(query)}
        return {one: held[one] for one in schedule_ids if one in held}

    def parts_after(self, *schedules: Schedule) -> Sequence[Schedule]:
        if not schedules:
            return []
        columns = tables.schedules.c
        after = [
            (columns.root_schedule_id == (schedule.root_schedule_id or schedule.id))
            & (columns.part > schedule.part)
            for schedule in schedules
        ]
        query = (
            select(Schedule)
            .where(or_(*after), columns.deleted_at.is_(None))
            .order_by(columns.id)
            .with_for_update()
        )
        return self._session.scalars(query).all()

    def part_before(self, schedule: Schedule) -> Schedule | None:
        columns, root = tables.schedules.c, schedule.root_schedule_id
        query = select(Schedule).where(
            (columns.root_schedule_id == root) | (columns.id == root),
            columns.part == schedule.part - 1,
        )
        return self._session.scalars(query).one_or_none()

    def neighbours(self, schedule: Schedule, sayings: Sequence[Saying]) -> Callable[[], Neighbours]:
        return neighbours(
            self._session,
            organization_id=schedule.organization_id,
            connection_id=schedule.channel_connection_id,
            sayings=sayings,
            identical_to=schedule.post_variant_id,
        )

    def next_look_at(self, *, now: datetime, lead: timedelta) -> datetime | None:
        asked = {"due_by": now + lead, "considered": CONSIDERED}
        due_at, lapses_at = self._session.execute(sql.NEXT_LOOK_AT, asked).one()
        overdue_since = min(filter(None, (due_at, lapses_at)), default=now)
        if overdue_since < now:
            measure("Overdue", (now - overdue_since).total_seconds(), "Seconds")
        looks = (due_at and due_at - lead, lapses_at)
        return min(filter(None, looks), default=None)

    def claim_due(
        self, *, now: datetime, lease: timedelta, limit: int, share: int
    ) -> Sequence[Claimed]:
        if not self._session.scalar(sql.IS_ALONE):
            return []
        self._session.execute(sql.WITHOUT_BITMAPS, execution_options=UNAWAITED)
        self._session.execute(sql.FORGET_LAPSED, {"now": now}, execution_options=UNAWAITED)
        rows = self._session.execute(
            sql.CLAIM_DUE,
            {
                "now": now,
                "due_by": now + LEAD,
                "until": now + lease,
                "limit": limit,
                "share": share,
                "considered": CONSIDERED,
            },
        ).all()
        return [
            Claimed(
                claim=Claim(schedule_id=row.id, fencing_token=row.fencing_token),
                organization_id=row.organization_id,
                wanted_at=row.next_attempt_at,
                post_id=row.post_id,
                post_variant_id=row.post_variant_id,
                channel_connection_id=row.channel_connection_id,
                created_by=row.created_by,
                part=row.part,
                waited_for=row.waited_for,
                has_turn=row.has_turn,
                is_open=row.status == Status.PROCESSING,
                request_id=row.request_id,
            )
            for row in rows
        ]

    def release(self, claims: Collection[Claim], *, now: datetime) -> None:
        self._session.execute(sql.RELEASE, {**_columns(claims), "now": now})

    def skip(self, skips: Mapping[UUID, Skip], *, now: datetime) -> Sequence[Skipped]:
        values = {
            "ids": list(skips),
            "codes": [skip.code for skip in skips.values()],
            "words": [skip.words for skip in skips.values()],
            "now": now,
        }
        skipped = self._session.execute(sql.SKIP, values).all()
        before = {"ids": [row.id for row in skipped], "now": now, **asdict(NOTHING_BEFORE)}
        following = self._session.execute(sql.SKIP_WHAT_FOLLOWS, before).all()
        return [
            Skipped(
                schedule_id=row.id,
                organization_id=row.organization_id,
                post_id=row.post_id,
                reason=row.error_code,
                request_id=row.request_id,
            )
            for row in (*skipped, *following)
        ]

    def hold(self, holds: Mapping[UUID, Hold], *, now: datetime) -> None:
        self._session.execute(
            sql.HOLD,
            {
                "ids": list(holds),
                "reasons": [hold.reason for hold in holds.values()],
                "untils": [hold.until for hold in holds.values()],
                "planned": [hold.until if hold.is_plan else None for hold in holds.values()],
                "now": now,
            },
        )

    def start(
        self, claims: Collection[Claim], *, now: datetime, lease: timedelta
    ) -> Sequence[Attempt]:
        newest = {
            claim.schedule_id: claim for claim in sorted(claims, key=attrgetter("fencing_token"))
        }
        started = self._session.execute(
            sql.START,
            {
                **_columns(newest.values()),
                "event_ids": new_ids(len(newest)),
                "now": now,
                "sent_by": now + LEAD,
                "until": now + lease,
            },
        ).all()
        places = self._places([row.id for row in started if row.part])
        return [
            Attempt(
                schedule_id=row.id,
                organization_id=row.organization_id,
                fencing_token=row.fencing_token,
                number=row.attempt_count,
                allowed=row.attempts_allowed,
                post_id=row.post_id,
                post_variant_id=row.post_variant_id,
                channel_connection_id=row.channel_connection_id,
                channel=row.channel,
                created_by=row.created_by,
                wanted_at=row.next_attempt_at,
                started_at=row.last_attempt_at,
                read_at=now,
                unsettled_since=row.unsettled_since,
                progress=read_progress(row.progress),
                part=row.part,
                place=places.get(row.id),
                request_id=row.request_id,
            )
            for row in started
        ]

    def ids_given(
        self, connection_ids: Collection[UUID], *, since: datetime
    ) -> Mapping[UUID, frozenset[str]]:
        rows = self._session.execute(
            sql.IDS_GIVEN, {"connections": list(connection_ids), "since": since}
        )
        return {row.channel_connection_id: frozenset(row.ids) for row in rows}

    def record(self, conclusions: Collection[Conclusion]) -> Mapping[UUID, datetime | None]:
        rows = json.dumps([_row(each) for each in conclusions])
        changed = self._session.execute(sql.RECORD, {"rows": rows})
        for each in conclusions:
            _measure(each)
        return {row.id: row.next_part_at for row in changed}

    def _places(self, schedule_ids: list[UUID]) -> dict[UUID, Place]:
        if not schedule_ids:
            return {}
        rows = self._session.execute(sql.PREVIOUS_PARTS, {"ids": schedule_ids})
        return {
            row.id: Place(root_id=row.root_id, parent_id=row.parent_id)
            for row in rows
            if row.root_id and row.parent_id
        }


class PostgresPublishing:
    """The unit of work; other contexts' parts run in the same transaction."""

    def __init__(self, session: Session) -> None:
        self.schedules = PostgresSchedules(session)
        self.ledger = PostgresLedger(session)
        self.posts = ContentPosts(session)
        self.connections = ChannelsConnections(session)
        self.owners = IdentityOwners(session)
        self.budgets = PostgresBudgets(session)
        self.happenings = RecordedHappenings(session)


@contextmanager
def begin() -> Iterator[PostgresPublishing]:
    with transaction() as session:
        yield PostgresPublishing(session)


def _columns(claims: Collection[Claim]) -> dict[str, object]:
    return {
        "ids": [claim.schedule_id for claim in claims],
        "tokens": [claim.fencing_token for claim in claims],
    }


def _measure(conclusion: Conclusion) -> None:
    """For whoever watches: how it ended."""
    failure = conclusion.failure
    of = {"Channel": conclusion.attempt.channel}
    if conclusion.published is not None:
        measure("Published", 1, "Count", **of)
    elif failure is not None:
        is_unknown = conclusion.schedule_status is Status.UNKNOWN
        of |= {"ErrorClass": failure.error_class}
        measure("Unknown" if is_unknown else "Failed", 1, "Count", **of)


def _row(conclusion: Conclusion) -> dict[str, object]:
    attempt, failure, published = conclusion.attempt, conclusion.failure, conclusion.published
    again = conclusion.looked_at_again
    return {
        "schedule_id": str(attempt.schedule_id),
        "attempt": attempt.number,
        "fencing_token": attempt.fencing_token,
        "schedule_status": conclusion.schedule_status,
        "event_status": conclusion.event_status,
        "finished_at": conclusion.finished_at.isoformat(),
        "looked_at_again": again.isoformat() if again else None,
        "external_post_id": published.external_id if published else None,
        "external_url": published.url if published else None,
        "error_class": failure.error_class if failure else None,
        "error_code": failure.code if failure else None,
        "error_message": failure.words if failure else None,
        "response_time_ms": conclusion.response_time_ms,
        "retry_allowed": conclusion.retry_allowed,
        "nothing_before": conclusion.nothing_before,
        "waiting_reason": conclusion.waiting_reason,
        "is_spent": conclusion.is_spent,
        "responsible": conclusion.responsible,
        "action_required": conclusion.action_required,
        "progress": written_progress(conclusion.progress),
    }
