"""What a person's word changes in the ledger of attempts."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shared.publishing.adapters.tables import publish_events
from shared.publishing.domain.settlement import NOT_PUBLISHED, NOT_PUBLISHED_WORDS, Settlement

_PUBLISHED: dict[str, Any] = {
    "status": "success",
    "error_class": None,
    "error_code": None,
    "error_message": None,
    "responsible": None,
    "retry_allowed": None,
}
_NOT_PUBLISHED: dict[str, Any] = {
    "status": "failed",
    "error_code": NOT_PUBLISHED,
    "error_message": NOT_PUBLISHED_WORDS,
    "retry_allowed": True,
}


class PostgresLedger:
    def __init__(self, session: Session) -> None:
        self._session = session

    def settle(self, schedule_id: UUID, settlement: Settlement) -> None:
        columns = publish_events.c
        which = (columns.schedule_id == schedule_id) & (columns.status == "unknown")
        told = {**_NOT_PUBLISHED}
        if settlement.is_published:
            told = {**_PUBLISHED, "external_url": settlement.url}
            latest = select(func.max(columns.attempt)).where(which).scalar_subquery()
            which &= columns.attempt == latest
        self._session.execute(
            update(publish_events)
            .where(which)
            .values(**told, action_required=None, resolved_by=settlement.by)
        )
