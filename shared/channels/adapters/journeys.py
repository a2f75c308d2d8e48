"""Whoever is on the way to a network and back, in PostgreSQL."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from shared.channels.adapters.authorization_tables import channel_journeys
from shared.channels.domain.journey import Journey, Stage


class PostgresJourneys:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, journey: Journey) -> None:
        self._session.add(journey)

    def away(self, secret_hash: str) -> Journey | None:
        return self._session.scalar(
            select(Journey)
            .where(
                channel_journeys.c.secret_hash == secret_hash,
                channel_journeys.c.state == Stage.AWAY,
            )
            .with_for_update()
        )

    def choosing(self, journey_id: UUID) -> Journey | None:
        return self._session.scalar(
            select(Journey)
            .where(channel_journeys.c.id == journey_id, channel_journeys.c.state == Stage.CHOOSING)
            .with_for_update()
        )

    def end(self, journey: Journey) -> None:
        self._session.delete(journey)

    def forget_expired(self, now: datetime) -> int:
        forgotten = self._session.execute(
            delete(channel_journeys).where(channel_journeys.c.expires_at <= now)
        )
        return cast("CursorResult[Any]", forgotten).rowcount
