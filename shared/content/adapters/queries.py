"""Single posts and variants, and deleted posts, as the answers show them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.content.adapters.post_list import SHOWN
from shared.content.adapters.postgres import live_post, live_variants
from shared.content.adapters.tables import post_variants, posts
from shared.content.domain.post import RESTORABLE_FOR, Post
from shared.content.domain.variant import PostVariant
from shared.infrastructure.database import transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging
from shared.publishing import api as publishing


def one_post(
    actor: Actor, post_id: UUID, *, with_variants: bool = False, with_schedules: bool = False
) -> dict[str, Any]:
    """A live post, with what was asked for beside it, each as far as the actor reaches.

    Raises:
        PermissionDenied: `FORBIDDEN`; schedules were asked for by somebody who may not see any.
    """
    planner = actor.exercising("schedules:read") if with_schedules else None
    with transaction() as session:
        post = actor.own(session.scalar(live_post(post_id)), "post")
        shown = {column.name: getattr(post, column.name) for column in SHOWN}
        if with_variants:
            shown["variants"] = _variants(session, actor, post_id)
        if planner is not None:
            shown["schedules"] = publishing.schedules_of_post(session, planner, post_id)
    return shown


def deleted_posts(actor: Actor, paging: Paging, *, now: datetime) -> Page[Post]:
    """What can still be restored, the last deleted first."""
    where = [*within_reach(posts, actor), posts.c.deleted_at >= now - RESTORABLE_FOR]
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(posts).where(*where)) or 0
        items = session.scalars(
            select(Post)
            .where(*where)
            .order_by(posts.c.deleted_at.desc(), posts.c.id.desc())
            .limit(paging.limit)
            .offset(paging.offset)
        ).all()
    return Page(items=items, total=total)


def variants_of_post(actor: Actor, post_id: UUID) -> Sequence[PostVariant]:
    """The newest first."""
    with transaction() as session:
        actor.own(session.scalar(live_post(post_id)), "post")
        return _variants(session, actor, post_id)


def _variants(session: Session, actor: Actor, post_id: UUID) -> Sequence[PostVariant]:
    return session.scalars(
        live_variants()
        .where(post_variants.c.post_id == post_id, *within_reach(post_variants, actor))
        .order_by(post_variants.c.created_at.desc(), post_variants.c.id.desc())
    ).all()


def one_variant(actor: Actor, variant_id: UUID) -> PostVariant:
    with transaction() as session:
        found = session.scalar(live_variants().where(post_variants.c.id == variant_id))
        return actor.own(found, "variant")
