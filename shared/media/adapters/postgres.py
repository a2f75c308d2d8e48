"""Assets in PostgreSQL, and the unit of work around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.kernel.ids import OrganizationId
from shared.media.adapters.content import ContentUses
from shared.media.adapters.tables import media_assets
from shared.media.domain.asset import Asset, AssetStatus
from shared.operations.api.events import RecordedHappenings

_QUOTAS = 0x4D4544
"""The first half of the key of a lock, which other advisory locks do not have."""


def live_asset(asset_id: UUID) -> Select[Asset]:
    return select(Asset).where(media_assets.c.id == asset_id, media_assets.c.deleted_at.is_(None))


class PostgresAssets:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, asset: Asset) -> None:
        self._session.add(asset)

    def get(self, asset_id: UUID) -> Asset | None:
        return self._session.scalar(live_asset(asset_id))

    def get_for_update(self, asset_id: UUID) -> Asset | None:
        return self._locked(live_asset(asset_id))

    def get_even_deleted(self, asset_id: UUID) -> Asset | None:
        return self._locked(select(Asset).where(media_assets.c.id == asset_id))

    def one_at_a_time(self, organization_id: OrganizationId) -> None:
        lock = select(func.pg_advisory_xact_lock(_QUOTAS, func.hashtext(str(organization_id))))
        self._session.execute(lock)

    def bytes_kept(self, organization_id: OrganizationId, *, besides: UUID) -> int:
        query = select(func.coalesce(func.sum(media_assets.c.size), 0)).where(
            media_assets.c.organization_id == organization_id,
            media_assets.c.id != besides,
            media_assets.c.deleted_at.is_(None),
            media_assets.c.condemned_at.is_(None),
            media_assets.c.status != AssetStatus.REFUSED,
        )
        return int(self._session.scalar(query) or 0)

    def _locked(self, wanted: Select[Asset]) -> Asset | None:
        locked = wanted.with_for_update()
        return self._session.scalar(locked.execution_options(populate_existing=True))


@dataclass(frozen=True)
class PostgresMedia:
    assets: PostgresAssets
    uses: ContentUses
    happenings: RecordedHappenings


@contextmanager
def begin() -> Iterator[PostgresMedia]:
    with transaction() as session:
        yield PostgresMedia(
            PostgresAssets(session),
            ContentUses(session),
            RecordedHappenings(session),
        )
