"""Posts with their variants, one after the other, for whoever takes them out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from shared.content.adapters.tables import post_variants, posts
from shared.content.domain.post import Post
from shared.content.domain.post_status import PostStatus
from shared.content.domain.variant import PostVariant
from shared.infrastructure.database import among, transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor

_AT_A_TIME = 100


@dataclass(frozen=True, kw_only=True)
class ExportFilter:
    """All that is given must hold; of `statuses` and `tags`, any. `created_to` is not in it."""

    statuses: Sequence[PostStatus] = ()
    tags: Sequence[str] = ()
    created_from: datetime | None = None
    created_to: datetime | None = None


@dataclass(frozen=True)
class ExportedPost:
    post: Post
    variants: Sequence[PostVariant]


def exported_posts(
    actor: Actor, wanted: ExportFilter, *, after: UUID | None
) -> Iterator[ExportedPost]:
    """Live posts within the actor's reach, by id, which is by age; `after` is the last one seen.

    Read a hundred at a time, while somebody asks for more.
    """
    while True:
        with transaction() as session:
            found = _next(session, _conditions(actor, wanted, after))
            variants = _variants(session, actor, [post.id for post in found])
        for post in found:
            yield ExportedPost(post, variants[post.id])
        if len(found) < _AT_A_TIME:
            return
        after = found[-1].id


def _next(session: Session, where: Sequence[ColumnElement[bool]]) -> Sequence[Post]:
    return session.scalars(select(Post).where(*where).order_by(posts.c.id).limit(_AT_A_TIME)).all()


def _variants(
    session: Session, actor: Actor, post_ids: Sequence[UUID]
) -> dict[UUID, list[PostVariant]]:
    """The oldest first."""
    of_post = defaultdict[UUID, list[PostVariant]](list)
    live = (
        among(post_variants.c.post_id, post_ids),
        post_variants.c.deleted_at.is_(None),
        *within_reach(post_variants, actor),
    )
    query = select(PostVariant).where(*live)
    for variant in session.scalars(query.order_by(post_variants.c.created_at, post_variants.c.id)):
        of_post[variant.post_id].append(variant)
    return of_post


def _conditions(
    actor: Actor, wanted: ExportFilter, after: UUID | None
) -> list[ColumnElement[bool]]:
    where = [*within_reach(posts, actor), posts.c.deleted_at.is_(None)]
    if wanted.statuses:
        where.append(posts.c.status.in_(wanted.statuses))
    if wanted.tags:
        where.append(posts.c.tags.overlap(list(wanted.tags)))
    if wanted.created_from:
        where.append(posts.c.created_at >= wanted.created_from)
    if wanted.created_to:
        where.append(posts.c.created_at < wanted.created_to)
    if after:
        where.append(posts.c.id > after)
    return where
