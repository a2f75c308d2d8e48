"""Messages on their way from the outbox to their queues, in PostgreSQL; none is opened here."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.kernel.ids import earliest_id
from shared.operations.domain.outbox import ATTEMPTS, BACKOFF, OutboxState

logger = logging.getLogger(__name__)

_ARE_DUE = text("""
    SELECT EXISTS (
        SELECT FROM outbox_messages
        WHERE state = 'waiting' AND next_attempt_at <= :now
            AND (taken_until IS NULL OR taken_until <= :now)
    )
""")

_CLAIM = text("""
    WITH due AS (
        SELECT id, attempts < :most AS has_more FROM outbox_messages
        WHERE state = 'waiting' AND next_attempt_at <= :now
            AND (taken_until IS NULL OR taken_until <= :now)
        ORDER BY next_attempt_at
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_messages AS message SET
        attempts = attempts + CAST(has_more AS integer),
        next_attempt_at = CAST(:now AS timestamptz)
            + (CAST(:backoff AS interval[]))[least(attempts + 1, :steps)],
        taken_until = NULL,
        state = CASE WHEN has_more THEN 'waiting' ELSE 'failed' END,
        ended_at = CASE WHEN has_more THEN NULL ELSE CAST(:now AS timestamptz) END,
        last_error = CASE WHEN has_more THEN last_error
            ELSE coalesce(last_error, 'handed over for the last time, and never done') END
    FROM due WHERE message.id = due.id
    RETURNING message.id, message.queue, message.state
""")

_RELEASE = text("""
    UPDATE outbox_messages SET attempts = attempts - 1, next_attempt_at = :now
    WHERE id = ANY(:ids) AND state = 'waiting' AND attempts > 0
""")

# Ids sort by time, so that the primary key leads to the old ones.
_FORGET_DONE = text("""
    WITH old AS (
        SELECT id FROM outbox_messages
        WHERE id < :earlier AND state = 'done' AND ended_at < :before
        ORDER BY id
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    DELETE FROM outbox_messages AS message USING old WHERE message.id = old.id
""")

_EMPTY_FAILED = text("""
    WITH old AS (
        SELECT id FROM outbox_messages
        WHERE id < :earlier AND state = 'failed' AND ended_at < :before AND sealed_body <> ''
        ORDER BY id
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_messages AS message SET sealed_body = '' FROM old WHERE message.id = old.id
""")


class PostgresDepartures:
    def __init__(self, session: Session) -> None:
        self._session = session

    def are_due(self, *, now: datetime) -> bool:
        return bool(self._session.scalar(_ARE_DUE, {"now": now}))

    def claim(self, *, now: datetime, limit: int) -> Mapping[str, Sequence[UUID]]:
        rows = self._session.execute(
            _CLAIM,
            {
                "now": now,
                "limit": limit,
                "most": ATTEMPTS,
                "backoff": list(BACKOFF),
                "steps": len(BACKOFF),
            },
        )
        by_queue: defaultdict[str, list[UUID]] = defaultdict(list)
        for message_id, queue, state in rows:
            if state == OutboxState.WAITING:
                by_queue[queue].append(message_id)
            else:
                logger.error(
                    "outbox_message_given_up", extra={"message_id": str(message_id), "queue": queue}
                )
        return by_queue

    def release(self, message_ids: Collection[UUID], *, now: datetime) -> None:
        self._session.execute(_RELEASE, {"ids": list(message_ids), "now": now})

    def forget_done(self, *, before: datetime, limit: int) -> int:
        return self._sweep(_FORGET_DONE, before, limit)

    def empty_failed(self, *, before: datetime, limit: int) -> int:
        return self._sweep(_EMPTY_FAILED, before, limit)

    def _sweep(self, statement: TextClause, before: datetime, limit: int) -> int:
        named = {"earlier": earliest_id(before), "before": before, "limit": limit}
        swept = self._session.connection().execute(statement, named)
        return swept.rowcount


@contextmanager
def begin() -> Iterator[PostgresDepartures]:
    with transaction() as session:
        yield PostgresDepartures(session)
