"""Messages of the outbox in the hands of whoever does what they ask for, in PostgreSQL."""

import json
import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.infrastructure.encryption import Undecipherable, encryption
from shared.kernel.ids import OrganizationId
from shared.operations.domain.outbox import (
    ATTEMPTS,
    LEASE,
    Done,
    Ending,
    GiveUp,
    OutboxMessage,
    OutboxState,
    TryAgain,
)

logger = logging.getLogger(__name__)

_LONGEST_ERROR = 500

# Whoever holds a row is taking it: to wait for them would be to do it twice.
_TAKE = text("""
    WITH free AS (
        SELECT id FROM outbox_messages
        WHERE id = ANY(:ids) AND queue = :queue AND state = 'waiting'
            AND (taken_until IS NULL OR taken_until <= :now)
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_messages AS message SET taken_until = :until
    FROM free WHERE message.id = free.id
    RETURNING message.id, message.organization_id, message.key_id, message.sealed_body,
        message.attempts, message.created_at, message.request_id
""")

_END = text("""
    UPDATE outbox_messages SET
        state = :state, ended_at = :now, taken_until = NULL, last_error = :reason,
        sealed_body = CASE WHEN :is_done THEN CAST('' AS bytea) ELSE sealed_body END
    WHERE id = :id AND state = 'waiting'
""")

_DEFER = text("""
    UPDATE outbox_messages SET
        state = CASE WHEN attempts < :most THEN 'waiting' ELSE 'failed' END,
        ended_at = CASE WHEN attempts < :most THEN NULL ELSE CAST(:now AS timestamptz) END,
        taken_until = NULL,
        last_error = :reason
    WHERE id = :id AND state = 'waiting'
""")

_PUT_BACK = text("""
    UPDATE outbox_messages SET
        attempts = greatest(attempts - 1, 0), next_attempt_at = :now, taken_until = NULL
    WHERE id = ANY(:ids) AND state = 'waiting'
""")


class PostgresArrivals:
    def __init__(self, session: Session) -> None:
        self._session = session

    def take(
        self, queue: str, message_ids: Collection[UUID], *, now: datetime
    ) -> Sequence[OutboxMessage]:
        rows = self._session.execute(
            _TAKE, {"ids": list(message_ids), "queue": queue, "now": now, "until": now + LEASE}
        ).all()
        messages = []
        for row in rows:
            try:
                messages.append(_opened(row))
            except Undecipherable:
                logger.exception("outbox_message_sealed", extra={"message_id": str(row.id)})
                self.record(row.id, TryAgain("sealed with a key that is not there"), now=now)
        return sorted(messages, key=lambda message: message.created_at)

    def record(self, message_id: UUID, ending: Ending, *, now: datetime) -> None:
        match ending:
            case Done():
                self._end(message_id, OutboxState.DONE, None, now)
            case GiveUp(reason):
                self._end(message_id, OutboxState.FAILED, _kept(reason), now)
            case TryAgain(reason):
                tried = {"most": ATTEMPTS, "reason": _kept(reason)}
                self._session.execute(_DEFER, {"id": message_id, "now": now, **tried})

    def put_back(self, message_ids: Collection[UUID], *, now: datetime) -> None:
        self._session.execute(_PUT_BACK, {"ids": list(message_ids), "now": now})

    def _end(self, message_id: UUID, state: OutboxState, reason: str | None, now: datetime) -> None:
        self._session.execute(
            _END,
            {
                "id": message_id,
                "state": state.value,
                "is_done": state is OutboxState.DONE,
                "reason": reason,
                "now": now,
            },
        )


def _opened(row: Row[Any]) -> OutboxMessage:
    plain = encryption().decrypt(row.sealed_body, key_id=row.key_id, row_id=row.id)
    return OutboxMessage(
        id=row.id,
        organization_id=OrganizationId(row.organization_id),
        body=json.loads(plain),
        attempts=row.attempts,
        created_at=row.created_at,
        request_id=row.request_id,
    )


def _kept(reason: str) -> str:
    return reason.replace("\0", "")[:_LONGEST_ERROR]


@contextmanager
def begin() -> Iterator[PostgresArrivals]:
    with transaction() as session:
        yield PostgresArrivals(session)
