"""The list of posts: filtered, ordered, cut into pages, each post with its counts."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, exists, func, literal, select
from sqlalchemy.orm import Session

from shared.content.adapters.post_order import PostOrder
from shared.content.adapters.tables import post_variants, posts
from shared.content.adapters.text_search import looked_for
from shared.content.domain.post_status import PostStatus
from shared.infrastructure.database import past_policies, transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.cursor import Cursor
from shared.kernel.paging import Paging
from shared.publishing import api as publishing

COUNTED = 1_000
"""How many are counted at most: of a hundred thousand, counting all takes longer than the page."""

SHOWN = [column for column in posts.c if column is not posts.c.search]


@dataclass(frozen=True, kw_only=True)
class PostFilter:
    """All that is given must hold; `created_to` and `updated_to` are not in their ranges.

    `tags`: any of them or all, as `tags_mode` says. `channel`: of a live variant. `search`: words
    of the title or the description, the last perhaps unfinished.
    """

    statuses: Sequence[PostStatus] = ()
    tags: Sequence[str] = ()
    tags_mode: Literal["any", "all"] = "any"
    channel: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    search: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        columns = posts.c
        found: list[ColumnElement[bool]] = []
        if self.statuses:
            found.append(columns.status.in_(self.statuses))
        if self.tags and self.tags_mode == "any":
            found.append(columns.tags.overlap(list(self.tags)))
        elif self.tags:
            found.append(columns.tags.contains(list(self.tags)))
        for column, begin, end in (
            (columns.created_at, self.created_from, self.created_to),
            (columns.updated_at, self.updated_from, self.updated_to),
        ):
            if begin is not None:
                found.append(column >= begin)
            if end is not None:
                found.append(column < end)
        if self.search:
            found.append(columns.search.bool_op("@@")(looked_for(self.search)))
        return found


@dataclass(frozen=True, kw_only=True)
class PostPage:
    """`total` counts all that match; where not `total_is_exact`, there are at least as many.

    By offset these are never fewer than have been shown with this page. `next_cursor` is nothing
    after the last page, and where the order has none.
    """

    items: Sequence[dict[str, Any]]
    total: int
    total_is_exact: bool
    has_more: bool
    next_cursor: str | None


def page_of_posts(
    actor: Actor, wanted: PostFilter, order: PostOrder, paging: Paging, *, after: Cursor | None
) -> PostPage:
    """Live posts within the actor's reach; those without a title come last either way.

    `paging.offset` counts from the post that `after` points to.
    """
    where = [*within_reach(posts, actor), posts.c.deleted_at.is_(None), *wanted.conditions()]
    if wanted.channel is not None:
        where.append(_has_variant_on(wanted.channel, actor))
    with transaction() as session, _by_index(session, wanted):
        found = session.execute(_page(actor, where, order, paging, after)).all()
        rows, has_more = found[: paging.limit], len(found) > paging.limit
        seen = paging.offset + len(rows)
        is_last_of_all = after is None and not has_more and bool(rows or not paging.offset)
        counted = seen if is_last_of_all else _count(session, where)
        schedules = publishing.count_of_posts(
            session, [row.id for row in rows], channels=actor.channels
        )
    return PostPage(
        items=[_with_count(row, schedules.get(row.id, 0)) for row in rows],
        total=max(counted, seen + has_more if rows else 0),
        total_is_exact=is_last_of_all or counted <= COUNTED,
        has_more=has_more,
        next_cursor=order.cursor(rows[-1]) if has_more else None,
    )


def _by_index(session: Session, wanted: PostFilter) -> AbstractContextManager[None]:
    return past_policies(session) if wanted.tags or wanted.search else nullcontext()


def _page(
    actor: Actor,
    where: Sequence[ColumnElement[bool]],
    order: PostOrder,
    paging: Paging,
    after: Cursor | None,
) -> Select[Any]:
    """One more than are shown, to know whether there are more."""
    query = (
        select(*SHOWN, order.key.label("sort_key"))
        .where(*where)
        .order_by(*order.by(order.key, posts.c.id))
        .limit(paging.limit + 1)
        .offset(paging.offset)
    )
    if after is not None:
        query = query.where(order.is_after(after))
    chosen = query.subquery("chosen")
    variants = (
        select(func.count())
        .select_from(post_variants)
        .where(post_variants.c.post_id == chosen.c.id, *_live_variants(actor))
        .scalar_subquery()
    )
    return select(chosen, variants.label("variants_count")).order_by(
        *order.by(chosen.c.sort_key, chosen.c.id)
    )


def _count(session: Session, where: Sequence[ColumnElement[bool]]) -> int:
    """One more than `COUNTED` at most."""
    counted = select(literal(1)).select_from(posts).where(*where).limit(COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(counted)) or 0


def _has_variant_on(channel: str, actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        post_variants.c.organization_id == actor.organization_id,
        post_variants.c.channel == channel,
        post_variants.c.post_id == posts.c.id,
        *_live_variants(actor),
    )


def _live_variants(actor: Actor) -> list[ColumnElement[bool]]:
    """On channels the actor may use; whoever sees a post may know how many there are."""
    live: list[ColumnElement[bool]] = [post_variants.c.deleted_at.is_(None)]
    if actor.channels is not None:
        live.append(post_variants.c.channel.in_(sorted(actor.channels)))
    return live


def _with_count(row: Row[Any], schedules: int) -> dict[str, Any]:
    return {**row._mapping, "schedules_count": schedules}  # noqa: SLF001 its public name
