"""What is cleaned up, in PostgreSQL; each step is a transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, any_, cast, delete, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Text

from shared.infrastructure.database import among, transaction
from shared.kernel.happenings import Happening
from shared.media.adapters.tables import media_assets, media_orphans, media_renditions
from shared.media.domain.asset import RESTORABLE_FOR, UPLOADABLE_FOR, Asset, AssetStatus
from shared.media.domain.happenings import happened_to
from shared.media.domain.storage_keys import asset_of, belongs
from shared.operations.api.events import RecordedHappenings


class PostgresBelongings:
    def condemn_expired(self, *, now: datetime) -> int:
        assets = media_assets.c
        expired = or_(
            and_(
                assets.status == AssetStatus.UPLOADING,
                assets.created_at < now - UPLOADABLE_FOR,
            ),
            assets.deleted_at < now - RESTORABLE_FOR,
        )
        with transaction() as session:
            condemned = session.execute(
                update(media_assets)
                .where(assets.condemned_at.is_(None), expired)
                .values(condemned_at=now)
                .returning(assets.id)
            )
            return len(condemned.all())

    def condemned(self, *, before: datetime, limit: int) -> Sequence[Asset]:
        with transaction() as session:
            return session.scalars(
                select(Asset)
                .where(media_assets.c.condemned_at < before)
                .order_by(media_assets.c.condemned_at)
                .limit(limit)
            ).all()

    def forget(self, asset: Asset) -> None:
        with transaction() as session:
            session.execute(delete(media_renditions).where(media_renditions.c.asset_id == asset.id))
            session.execute(delete(media_assets).where(media_assets.c.id == asset.id))

    def unowned(self, keys: Collection[str]) -> set[str]:
        owners = {key: owner for key in keys if (owner := asset_of(key)) is not None}
        with transaction() as session:
            rows = session.execute(
                select(media_assets.c.id, media_assets.c.status, media_assets.c.storage_key).where(
                    among(media_assets.c.id, set(owners.values()))
                )
            )
            found: dict[UUID, tuple[AssetStatus, str]] = {
                row.id: (row.status, row.storage_key) for row in rows
            }
        return {
            key
            for key in keys
            if (owner := owners.get(key)) is None
            or owner not in found
            or not belongs(key, *found[owner])
        }

    def note_orphans(self, keys: Collection[str], *, at: datetime) -> None:
        if keys:
            with transaction() as session:
                session.execute(
                    insert(media_orphans).on_conflict_do_nothing(),
                    [{"storage_key": key, "found_at": at} for key in sorted(keys)],
                )

    def orphans_seen(self, keys: Collection[str], *, before: datetime) -> set[str]:
        if not keys:
            return set()
        with transaction() as session:
            return set(
                session.scalars(
                    select(media_orphans.c.storage_key).where(
                        _among(keys), media_orphans.c.found_at < before
                    )
                )
            )

    def forget_orphans(self, keys: Collection[str]) -> None:
        if keys:
            with transaction() as session:
                session.execute(delete(media_orphans).where(_among(keys)))

    def stuck(self, *, before: datetime, limit: int) -> Sequence[Asset]:
        with transaction() as session:
            return session.scalars(
                select(Asset)
                .where(
                    media_assets.c.status == AssetStatus.PROCESSING,
                    media_assets.c.updated_at < before,
                    media_assets.c.deleted_at.is_(None),
                )
                .order_by(media_assets.c.updated_at)
                .limit(limit)
            ).all()

    def note_touched(self, asset: Asset, *, at: datetime) -> None:
        with transaction() as session:
            session.execute(_in_work(asset).values(updated_at=at))

    def note_failed(self, asset: Asset, code: str, words: str, *, at: datetime) -> None:
        failed = {"status": AssetStatus.FAILED, "error_code": code, "error_message": words}
        noted = _in_work(asset).values(failed | {"updated_at": at}).returning(media_assets.c.id)
        with transaction() as session:
            if session.scalar(noted) is not None:
                told = happened_to(asset, Happening.MEDIA_FAILED, by=None, at=at)
                RecordedHappenings(session).record(told)


def _in_work(asset: Asset) -> Update:
    """Changes it, unless processing has come to an end meanwhile."""
    return update(media_assets).where(
        media_assets.c.id == asset.id, media_assets.c.status == AssetStatus.PROCESSING
    )


def _among(keys: Collection[str]) -> ColumnElement[bool]:
    return media_orphans.c.storage_key == any_(cast(sorted(keys), ARRAY(Text)))
