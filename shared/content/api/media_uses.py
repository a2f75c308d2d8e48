"""Which variants show a file of the media library, or have follow-ups that do."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, text
from sqlalchemy.orm import Session

from shared.content.adapters.tables import post_variants, posts
from shared.infrastructure.database import past_policies
from shared.kernel.ids import OrganizationId

_NAMES = ("media_id", "cover_media_id")


@dataclass(frozen=True, kw_only=True)
class MediaUse:
    variant_id: UUID
    post_id: UUID
    channel: str


def uses_of_media(
    session: Session, organization_id: OrganizationId, media_id: UUID, *, limit: int = 100
) -> Sequence[MediaUse]:
    """Live variants of live posts, the oldest first; a published one may be sent again."""
    showing = (
        select(post_variants.c.id, post_variants.c.post_id, post_variants.c.channel)
        .join(posts, posts.c.id == post_variants.c.post_id)
        .where(
            post_variants.c.organization_id == organization_id,
            post_variants.c.deleted_at.is_(None),
            posts.c.deleted_at.is_(None),
            or_(*_shows(str(media_id))),
        )
        .order_by(post_variants.c.id)
        .limit(limit)
    )
    with past_policies(session):
        rows = session.execute(showing).all()
    return [MediaUse(variant_id=row.id, post_id=row.post_id, channel=row.channel) for row in rows]


def _shows(media_id: str) -> list[ColumnElement[bool]]:
    """Asked of the indexes of both columns, spelled as these have it."""
    media, thread = post_variants.c.media, post_variants.c.thread
    shown = [{"items": [{name: media_id}]} for name in _NAMES]
    return [
        and_(text("post_variants.media <> '{}'"), or_(*(media.contains(each) for each in shown))),
        and_(
            text("post_variants.thread <> '[]'"),
            or_(*(thread.contains([{"media": each}]) for each in shown)),
        ),
    ]
