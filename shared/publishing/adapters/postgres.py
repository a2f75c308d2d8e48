"""Publishing's transaction: schedules and their ledger in PostgreSQL, a set at a time."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.kernel.ids import new_id
from shared.publishing.adapters import sql, tables
from shared.publishing.adapters.connections import ChannelsConnections
from shared.publishing.adapters.happenings import OperationsHappenings
from shared.publishing.adapters.owners import IdentityOwners
from shared.publishing.adapters.posts import ContentPosts
from shared.publishing.application.ports import Claimed
from shared.publishing.domain.attempt import Attempt, Claim, Conclusion
from shared.publishing.domain.schedule import ACTIVE, Schedule, Status


class PostgresSchedules:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, schedule: Schedule) -> None:
        self._session.add(schedule)
        self._session.flush()

    def get_for_update(self, schedule_id: UUID) -> Schedule | None:
        query = select(Schedule).where(
            tables.schedules.c.id == schedule_id, tables.schedules.c.deleted_at.is_(None)
        )
        return self._session.scalars(query.with_for_update()).one_or_none()

    def exists_like(self, schedule: Schedule) -> bool:
        columns = tables.schedules.c
        alike = exists().where(
            columns.post_variant_id == schedule.post_variant_id,
            columns.channel_connection_id == schedule.channel_connection_id,
            columns.run_at == schedule.run_at,
            columns.status.in_(ACTIVE),
            columns.deleted_at.is_(None),
        )
        return bool(self._session.scalar(select(alike)))

    def next_due_at(self) -> datetime | None:
        due_at: datetime | None = self._session.scalar(select(func.min(tables.schedules.c.due_at)))
        return due_at

    def claim_due(self, *, now: datetime, lease: timedelta, limit: int) -> Sequence[Claimed]:
        rows = self._session.execute(
            sql.CLAIM_DUE, {"now": now, "until": now + lease, "limit": limit}
        )
        return [
            Claimed(
                claim=Claim(schedule_id=row.id, fencing_token=row.fencing_token),
                wanted_at=row.next_attempt_at,
                post_id=row.post_id,
                post_variant_id=row.post_variant_id,
                channel_connection_id=row.channel_connection_id,
                created_by=row.created_by,
                is_open=row.status == Status.PROCESSING,
            )
            for row in rows
        ]

    def release(self, claims: Collection[Claim], *, now: datetime) -> None:
        self._session.execute(sql.RELEASE, {**_columns(claims), "now": now})

    def skip(self, reasons: Mapping[UUID, str], *, now: datetime) -> None:
        self._session.execute(
            sql.SKIP, {"ids": list(reasons), "reasons": list(reasons.values()), "now": now}
        )

    def start(
        self, claims: Collection[Claim], *, now: datetime, lease: timedelta
    ) -> Sequence[Attempt]:
        self._lock([claim.schedule_id for claim in claims])
        started = self._session.execute(
            sql.START, {**_columns(claims), "now": now, "until": now + lease}
        ).all()
        if not started:
            return []
        ids = [row.id for row in started]
        self._session.execute(sql.GIVE_UP_OPEN_ATTEMPTS, {"ids": ids, "now": now})
        unsettled = self._session.execute(sql.UNSETTLED, {"ids": ids})
        unsettled_since = {row.schedule_id: row.since for row in unsettled}
        self._session.execute(
            tables.publish_events.insert(),
            [
                {
                    "id": new_id(),
                    "organization_id": row.organization_id,
                    "schedule_id": row.id,
                    "attempt": row.attempt_count,
                    "fencing_token": row.fencing_token,
                    "status": "started",
                    "started_at": now,
                }
                for row in started
            ],
        )
        return [
            Attempt(
                schedule_id=row.id,
                fencing_token=row.fencing_token,
                number=row.attempt_count,
                allowed=row.attempts_allowed,
                post_id=row.post_id,
                post_variant_id=row.post_variant_id,
                channel_connection_id=row.channel_connection_id,
                channel=row.channel,
                created_by=row.created_by,
                wanted_at=row.next_attempt_at,
                started_at=now,
                unsettled_since=unsettled_since.get(row.id),
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

    def record(self, conclusions: Collection[Conclusion]) -> None:
        self._lock([each.attempt.schedule_id for each in conclusions])
        rows = json.dumps([_row(each) for each in conclusions])
        self._session.execute(sql.RECORD_EVENTS, {"rows": rows})
        asked = [each.attempt for each in conclusions if each.nothing_before]
        if asked:
            self._session.execute(
                sql.NOTHING_BEFORE,
                {
                    "ids": [attempt.schedule_id for attempt in asked],
                    "attempts": [attempt.number for attempt in asked],
                },
            )
        self._session.execute(sql.RECORD_SCHEDULES, {"rows": rows})

    def _lock(self, schedule_ids: list[UUID]) -> None:
        """In one order for everybody, so that two batches never wait for each other."""
        self._session.execute(sql.LOCK, {"ids": schedule_ids})


class PostgresPublishing:
    """The unit of work; other contexts' parts run in the same transaction."""

    def __init__(self, session: Session) -> None:
        self.schedules = PostgresSchedules(session)
        self.posts = ContentPosts(session)
        self.connections = ChannelsConnections(session)
        self.owners = IdentityOwners(session)
        self.happenings = OperationsHappenings(session)


@contextmanager
def begin() -> Iterator[PostgresPublishing]:
    with transaction() as session:
        yield PostgresPublishing(session)


def _columns(claims: Collection[Claim]) -> dict[str, object]:
    return {
        "ids": [claim.schedule_id for claim in claims],
        "tokens": [claim.fencing_token for claim in claims],
    }


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
        "responsible": conclusion.responsible,
        "action_required": conclusion.action_required,
    }
