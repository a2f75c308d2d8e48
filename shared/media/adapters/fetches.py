"""Files that are to be fetched, by way of the outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.media.adapters.postgres import PostgresAssets
from shared.media.domain.asset import Asset
from shared.operations.api.outbox import enqueue

QUEUE = "media.fetch"


class OutboxFetches:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, asset: Asset, *, at: datetime) -> None:
        enqueue(
            self._session,
            QUEUE,
            {"asset_id": str(asset.id)},
            organization_id=asset.organization_id,
            at=at,
        )


@dataclass(frozen=True)
class PostgresFetching:
    assets: PostgresAssets
    fetches: OutboxFetches


@contextmanager
def begin_fetching() -> Iterator[PostgresFetching]:
    with transaction() as session:
        yield PostgresFetching(PostgresAssets(session), OutboxFetches(session))
