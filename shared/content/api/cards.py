"""Posts and variants in a few words, for whoever shows something else that names them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shared.content.adapters.excerpts import excerpt
from shared.content.adapters.tables import post_variants, posts
from shared.infrastructure.database import among
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class PostCard:
    id: UUID
    title: str | None
    status: str
    tags: list[str]


@dataclass(frozen=True, kw_only=True)
class VariantCard:
    """`excerpt` is the beginning of what it says."""

    id: UUID
    channel: str
    excerpt: str
    post: PostCard


def cards(
    session: Session, actor: Actor, variant_ids: Collection[UUID]
) -> Mapping[UUID, VariantCard]:
    """Those that are live with their posts, as far as the actor may read posts at all."""
    if not actor.may("posts:read"):
        return {}
    reader = actor.exercising("posts:read")
    rows = session.execute(
        select(
            post_variants.c.id,
            post_variants.c.channel,
            excerpt(post_variants.c.content).label("excerpt"),
            posts.c.id.label("post_id"),
            posts.c.title,
            posts.c.status,
            posts.c.tags,
        )
        .join(posts, posts.c.id == post_variants.c.post_id)
        .where(
            among(post_variants.c.id, variant_ids),
            post_variants.c.deleted_at.is_(None),
            posts.c.deleted_at.is_(None),
            *within_reach(post_variants, reader),
            *within_reach(posts, reader),
        )
    )
    return {
        row.id: VariantCard(
            id=row.id,
            channel=row.channel,
            excerpt=row.excerpt,
            post=PostCard(id=row.post_id, title=row.title, status=row.status, tags=row.tags),
        )
        for row in rows
    }


def chosen_posts(actor: Actor, *, tags: Collection[str], status: str | None) -> Select[tuple[UUID]]:
    """A query for the ids of live posts with any of the tags and of the status, to ask within.

    Raises:
        PermissionDenied: `FORBIDDEN`; who may not read posts learns nothing by choosing them.
    """
    conditions = [
        *within_reach(posts, actor.exercising("posts:read")),
        posts.c.deleted_at.is_(None),
    ]
    if tags:
        conditions.append(posts.c.tags.overlap(list(tags)))
    if status is not None:
        conditions.append(posts.c.status == status)
    return select(posts.c.id).where(*conditions)
