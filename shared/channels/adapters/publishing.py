"""The bridge to publishing: what still waits for a connection."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.kernel.actor import Actor
from shared.publishing import api as publishing


class PublishingSchedules:
    """Publishing's schedules, within this unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count_active(self, connection_id: UUID) -> int:
        return publishing.count_active(self._session, connection_id=connection_id)

    def cancel_active(self, connection_id: UUID, *, actor: Actor, now: datetime) -> None:
        publishing.cancel_active(self._session, connection_id=connection_id, actor=actor, now=now)

    def resume(self, connection_id: UUID, *, now: datetime) -> None:
        publishing.resume(self._session, connection_id=connection_id, now=now)

    def replan(self, connection_id: UUID, *, now: datetime) -> None:
        publishing.replan(self._session, connection_id=connection_id, now=now)
