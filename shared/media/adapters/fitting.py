"""Renditions in PostgreSQL, and the unit of work around files that are looked into and made fit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.media.adapters.fit_queue import enqueue_fit
from shared.media.adapters.postgres import PostgresAssets
from shared.media.adapters.tables import media_renditions
from shared.media.domain.rendition import Rendition, RenditionStatus
from shared.operations.api.events import RecordedHappenings


class PostgresRenditions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get_for_update(self, asset_id: UUID, profile: str) -> Rendition | None:
        wanted = select(Rendition).where(
            media_renditions.c.asset_id == asset_id, media_renditions.c.profile == profile
        )
        locked = wanted.with_for_update().execution_options(populate_existing=True)
        return self._session.scalar(locked)

    def pending(self, asset_id: UUID) -> Sequence[Rendition]:
        return self._session.scalars(
            select(Rendition).where(
                media_renditions.c.asset_id == asset_id,
                media_renditions.c.status == RenditionStatus.PENDING,
                media_renditions.c.rules.is_not(None),
            )
        ).all()


class OutboxFits:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, rendition: Rendition, *, at: datetime) -> None:
        enqueue_fit(
            self._session,
            rendition.asset_id,
            rendition.profile,
            organization_id=rendition.organization_id,
            at=at,
        )


@dataclass(frozen=True)
class PostgresFitting:
    assets: PostgresAssets
    renditions: PostgresRenditions
    queue: OutboxFits
    happenings: RecordedHappenings


@contextmanager
def begin() -> Iterator[PostgresFitting]:
    with transaction() as session:
        yield PostgresFitting(
            PostgresAssets(session),
            PostgresRenditions(session),
            OutboxFits(session),
            RecordedHappenings(session),
        )
