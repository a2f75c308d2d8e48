"""The list of posts: filtered, ordered, cut into pages, each post with its counts."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    any_,
    bindparam,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shared.content.adapters.post_order import PostOrder
from shared.content.adapters.tables import post_variants, posts
from shared.content.domain.post_status import PostStatus
from shared.infrastructure.database import past_policies, transaction
from shared.infrastructure.pipelining import ask
from shared.infrastructure.text_search import Search, looked_for_given, search_of, spaced
from shared.kernel.actor import Actor
from shared.kernel.cursor import Cursor
from shared.kernel.paging import Paging
from shared.publishing import api as publishing

COUNTED = 1_000
"""How many are counted at most: of a hundred thousand, counting all takes longer than the page."""

SHOWN = [column for column in posts.c if column is not posts.c.search]

_SHAPES = 256
"""Of how many kinds of lists the statements are kept: building one takes longer than asking it."""


_LIVE_VARIANTS = post_variants.c.deleted_at.is_(None)
_USABLE_VARIANTS = _LIVE_VARIANTS & (
    post_variants.c.channel == any_(bindparam("channels", type_=ARRAY(Text)))
)
"""Those on channels the actor may use; whoever sees a post may know how many there are."""


def _status(number: int) -> str:
    return f"status_{number}"


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

    def given(self) -> dict[str, Any]:
        """The values of what is given, by the names of their conditions."""
        values = {
            f"tags_{self.tags_mode}": list(self.tags),
            "channel": self.channel,
            "created_from": self.created_from,
            "created_to": self.created_to,
            "updated_from": self.updated_from,
            "updated_to": self.updated_to,
        }
        return {name: value for name, value in values.items() if value not in (None, [])}


_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "tags_any": posts.c.tags.overlap(bindparam("tags_any")),
    "tags_all": posts.c.tags.contains(bindparam("tags_all")),
    "created_from": posts.c.created_at >= bindparam("created_from"),
    "created_to": posts.c.created_at < bindparam("created_to"),
    "updated_from": posts.c.updated_at >= bindparam("updated_from"),
    "updated_to": posts.c.updated_at < bindparam("updated_to"),
    "created_by": posts.c.created_by == bindparam("created_by"),
}


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """What tells one statement from another; the rest are values.

    `given` names the conditions; `statuses` is how many of these are wanted. The page begins after
    a cursor, which may be `after` a post without a title. `is_limited`: the actor may use some
    channels only.
    """

    given: frozenset[str]
    statuses: int
    search: Search
    order: PostOrder
    after: Literal["start", "key", "untitled"]
    is_limited: bool

    @property
    def variants(self) -> ColumnElement[bool]:
        return _USABLE_VARIANTS if self.is_limited else _LIVE_VARIANTS

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        found = [
            posts.c.organization_id == bindparam("organization_id"),
            posts.c.deleted_at.is_(None),
            *(_CONDITIONS[name] for name in sorted(self.given & _CONDITIONS.keys())),
        ]
        if self.statuses:
            # Of a list that travels as one value the planner would not know that it has but one.
            numbers = range(self.statuses)
            found.append(posts.c.status.in_([bindparam(_status(number)) for number in numbers]))
        if self.search != "none":
            query = looked_for_given("search", self.search)
            found.append(posts.c.search.bool_op("@@")(query))
        if "channel" in self.given:
            found.append(
                exists().where(
                    post_variants.c.organization_id == bindparam("organization_id"),
                    post_variants.c.channel == bindparam("channel"),
                    post_variants.c.post_id == posts.c.id,
                    self.variants,
                )
            )
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
    values = {**wanted.given(), **({"created_by": actor.user_id} if actor.only_own else {})}
    shape = _Shape(
        given=frozenset(values),
        statuses=len(wanted.statuses),
        search=search_of(wanted.search),
        order=order,
        after="start" if after is None else "untitled" if after.key is None else "key",
        is_limited=actor.channels is not None,
    )
    values |= {
        "organization_id": actor.organization_id,
        "search": spaced(wanted.search),
        **{_status(number): each.value for number, each in enumerate(wanted.statuses)},
        **order.place(after),
    }
    if actor.channels is not None:
        values["channels"] = sorted(actor.channels)
    with transaction() as session, _by_index(session, wanted):
        cut = {"limit": paging.limit + 1, "offset": paging.offset}
        page = ask(session, _page(shape), {**values, **cut})
        matching = ask(session, _count(shape), {**values, "limit": COUNTED + 1})
        found, ((counted,),) = page.rows(), matching.rows()
        rows, has_more = found[: paging.limit], len(found) > paging.limit
        schedules = publishing.count_of_posts(
            session, [row.id for row in rows], channels=actor.channels
        )()
    seen = paging.offset + len(rows)
    is_last_of_all = after is None and not has_more and bool(rows or not paging.offset)
    total = seen if is_last_of_all else counted
    return PostPage(
        items=[{**row._asdict(), "schedules_count": schedules.get(row.id, 0)} for row in rows],
        total=max(total, seen + has_more if rows else 0),
        total_is_exact=is_last_of_all or counted <= COUNTED,
        has_more=has_more,
        next_cursor=order.cursor(rows[-1]._asdict()) if has_more else None,
    )


def _by_index(session: Session, wanted: PostFilter) -> AbstractContextManager[None]:
    return past_policies(session) if wanted.tags or wanted.search else nullcontext()


@lru_cache(_SHAPES)
def _page(shape: _Shape) -> Select[Any]:
    """One more than are shown, to know whether there are more."""
    order = shape.order
    query = (
        select(*SHOWN, order.key.label("sort_key"))
        .where(*shape.conditions)
        .order_by(*order.by(order.key, posts.c.id))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )
    if shape.after != "start":
        query = query.where(order.is_after(titled=shape.after == "key"))
    chosen = query.subquery("chosen")
    variants = (
        select(func.count())
        .select_from(post_variants)
        .where(post_variants.c.post_id == chosen.c.id, shape.variants)
        .scalar_subquery()
    )
    return select(chosen, variants.label("variants_count")).order_by(
        *order.by(chosen.c.sort_key, chosen.c.id)
    )


@lru_cache(_SHAPES)
def _count(shape: _Shape) -> Select[Any]:
    """Up to one more than `COUNTED`, which is the limit it is asked with."""
    matching = select(literal(1)).select_from(posts).where(*shape.conditions)
    return select(func.count()).select_from(matching.limit(bindparam("limit")).subquery())
