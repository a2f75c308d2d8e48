"""Posts and variants as the answers show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from shared.content.adapters.postgres import live_post, live_variants
from shared.content.adapters.tables import post_variants, posts
from shared.content.domain.post import Post
from shared.content.domain.post_status import PostStatus
from shared.content.domain.variant import PostVariant
from shared.infrastructure.database import transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging

SortBy = Literal["title", "description", "tags", "status", "created_at", "updated_at"]


@dataclass(frozen=True, kw_only=True)
class PostFilter:
    """All that is given must hold; of `tags`, any; `search` in the title or the description."""

    status: PostStatus | None = None
    tags: Sequence[str] = ()
    search: str | None = None


def page_of_posts(
    actor: Actor, wanted: PostFilter, paging: Paging, *, sort_by: SortBy, descending: bool
) -> Page[Post]:
    """Live posts within the actor's reach; those of no title come last either way."""
    where = _conditions(actor, wanted)
    column = posts.c[sort_by]
    order = [each.desc() if descending else each for each in (column, posts.c.id)]
    if column.nullable:
        order[0] = order[0].nulls_last()
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(posts).where(*where)) or 0
        items = session.scalars(
            select(Post).where(*where).order_by(*order).limit(paging.limit).offset(paging.offset)
        ).all()
    return Page(items=items, total=total)


def _conditions(actor: Actor, wanted: PostFilter) -> list[ColumnElement[bool]]:
    where = [*within_reach(posts, actor), posts.c.deleted_at.is_(None)]
    if wanted.status:
        where.append(posts.c.status == wanted.status)
    if wanted.tags:
        where.append(posts.c.tags.overlap(list(wanted.tags)))
    if wanted.search:
        where.append(
            or_(
                posts.c.title.icontains(wanted.search, autoescape=True),
                posts.c.description.icontains(wanted.search, autoescape=True),
            )
        )
    return where


def one_post(actor: Actor, post_id: UUID) -> Post:
    with transaction() as session:
        return actor.own(session.scalar(live_post(post_id)), "post")


def variants_of_post(actor: Actor, post_id: UUID) -> Sequence[PostVariant]:
    """The newest first."""
    with transaction() as session:
        actor.own(session.scalar(live_post(post_id)), "post")
        return session.scalars(
            live_variants()
            .where(post_variants.c.post_id == post_id, *within_reach(post_variants, actor))
            .order_by(post_variants.c.created_at.desc(), post_variants.c.id.desc())
        ).all()


def one_variant(actor: Actor, variant_id: UUID) -> PostVariant:
    with transaction() as session:
        found = session.scalar(live_variants().where(post_variants.c.id == variant_id))
        return actor.own(found, "variant")
