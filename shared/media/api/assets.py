"""What posts and publishing need to know of files in the library."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.infrastructure.database import among
from shared.kernel.ids import OrganizationId
from shared.media.adapters.tables import media_assets

__all__ = ["Attached", "attached"]


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A live file; `kind` is `image`, `animation`, `video` or `document` once its bytes are there.

    `status` is `uploading`, `processing`, `ready`, `refused` or `failed`. `size` in bytes, `width`
    and `height` in pixels, `pages` of a document; they and the `duration` are unknown until it is
    ready.
    """

    id: UUID
    name: str
    alt_text: str
    status: str
    kind: str | None
    mime_type: str
    size: int | None
    width: int | None
    height: int | None
    pages: int | None = None
    duration: timedelta | None


def attached(
    session: Session,
    organization_id: OrganizationId,
    media_ids: Collection[UUID],
    *,
    held: bool = False,
) -> Mapping[UUID, Attached]:
    """Those of the files that the organization has, by their ids; of others nothing is told.

    With `held` none of them is deleted before the transaction ends: for who is about to refer to
    them. Whoever locks anything of content or publishing has done so by then.
    """
    if not media_ids:
        return {}
    assets = media_assets.c
    query = (
        select(
            assets.id,
            assets.name,
            assets.alt_text,
            assets.status,
            assets.kind,
            assets.mime_type,
            assets.size,
            assets.width,
            assets.height,
            assets.pages,
            assets.duration_ms,
        )
        .where(
            assets.organization_id == organization_id,
            among(assets.id, media_ids),
            assets.deleted_at.is_(None),
            assets.condemned_at.is_(None),
        )
        .order_by(assets.id)
    )
    if held:
        query = query.with_for_update(read=True)
    return {
        row.id: Attached(
            id=row.id,
            name=row.name,
            alt_text=row.alt_text,
            status=row.status,
            kind=row.kind,
            mime_type=row.mime_type,
            size=row.size,
            width=row.width,
            height=row.height,
            pages=row.pages,
            duration=(None if row.duration_ms is None else timedelta(milliseconds=row.duration_ms)),
        )
        for row in session.execute(query)
    }
