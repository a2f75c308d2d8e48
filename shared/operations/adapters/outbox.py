"""The outbox in PostgreSQL: what is to be done waits in the transaction that wants it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from shared.infrastructure.encryption import encryption
from shared.infrastructure.logging import request_id
from shared.kernel.ids import OrganizationId, new_id
from shared.operations.adapters.tables import outbox_messages
from shared.operations.domain.outbox import OutboxState


def add(
    session: Session,
    queue: str,
    body: Mapping[str, Any],
    *,
    organization_id: OrganizationId,
    at: datetime,
) -> None:
    message_id = new_id()
    key_id, sealed = encryption().encrypt(json.dumps(dict(body)).encode(), row_id=message_id)
    session.execute(
        insert(outbox_messages).values(
            id=message_id,
            organization_id=organization_id,
            queue=queue,
            state=OutboxState.WAITING,
            key_id=key_id,
            sealed_body=sealed,
            attempts=0,
            next_attempt_at=at,
            created_at=at,
            request_id=request_id.get() or None,
        )
    )


def add_nothing(session: Session, body: Mapping[str, Any]) -> None:
    """Seal a body and send it to the database, which keeps nothing."""
    message_id = new_id()
    _, sealed = encryption().encrypt(json.dumps(dict(body)).encode(), row_id=message_id)
    session.execute(select(func.length(sealed)))
