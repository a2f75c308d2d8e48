"""The library as the answers show it."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, func, literal, select, tuple_
from sqlalchemy.orm import Session

from shared.content.api.media_uses import MediaUse, uses_of_media
from shared.infrastructure.database import past_policies, transaction
from shared.infrastructure.reach import within_reach
from shared.infrastructure.text_search import looked_for
from shared.kernel.actor import Actor
from shared.kernel.cursor import Cursor, no_cursor
from shared.kernel.paging import Paging
from shared.media.adapters.postgres import live_asset
from shared.media.adapters.tables import media_assets
from shared.media.domain.asset import RESTORABLE_FOR, Asset, AssetStatus, MediaKind

COUNTED = 1_000
"""How many are counted at most."""

T = TypeVar("T")
U = TypeVar("U")
SortBy = Literal["created_at", "updated_at", "name"]


@dataclass(frozen=True, kw_only=True)
class AssetFilter:
    """All that is given must hold; `created_to` is not in its range.

    `tags`: any of them or all, as `tags_mode` says. `search`: words of the name or the alternative
    text, the last perhaps unfinished. `deleted`: those instead that can still be brought back.
    """

    kinds: Sequence[MediaKind] = ()
    statuses: Sequence[AssetStatus] = ()
    tags: Sequence[str] = ()
    tags_mode: Literal["any", "all"] = "any"
    created_from: datetime | None = None
    created_to: datetime | None = None
    search: str = ""
    deleted: bool = False

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        columns = media_assets.c
        found = [
            columns.deleted_at >= now - RESTORABLE_FOR
            if self.deleted
            else columns.deleted_at.is_(None),
            columns.condemned_at.is_(None),
        ]
        if self.kinds:
            found.append(columns.kind.in_(self.kinds))
        if self.statuses:
            found.append(columns.status.in_(self.statuses))
        if self.tags:
            has = columns.tags.overlap if self.tags_mode == "any" else columns.tags.contains
            found.append(has(list(self.tags)))
        if self.created_from is not None:
            found.append(columns.created_at >= self.created_from)
        if self.created_to is not None:
            found.append(columns.created_at < self.created_to)
        if self.search:
            found.append(columns.search.bool_op("@@")(looked_for(self.search)))
        return found


@dataclass(frozen=True, kw_only=True)
class AssetOrder:
    """The id decides between equal keys."""

    sort_by: SortBy
    descending: bool

    @property
    def name(self) -> str:
        return f"{self.sort_by} {'desc' if self.descending else 'asc'}"

    @property
    def _key(self) -> ColumnElement[Any]:
        return media_assets.c[self.sort_by]

    def by(self) -> list[ColumnElement[Any]]:
        both = self._key, media_assets.c.id
        return [each.desc() if self.descending else each.asc() for each in both]

    def cursor(self, asset: Asset) -> str:
        key = getattr(asset, self.sort_by)
        written = key.isoformat() if isinstance(key, datetime) else key
        return Cursor(order=self.name, key=written, id=asset.id).written()

    def is_after(self, written: str) -> ColumnElement[bool]:
        """The condition that an asset comes after the one a cursor points to.

        Raises:
            RuleViolation: `INVALID_CURSOR`.
        """
        cursor = Cursor.read(written, order=self.name)
        place = cast(literal(self._read(cursor.key), self._key.type), self._key.type)
        here = tuple_(self._key, media_assets.c.id)
        there = tuple_(place, literal(cursor.id))
        return here < there if self.descending else here > there

    def _read(self, key: object) -> object:
        if not isinstance(key, str):
            raise no_cursor()
        if self.sort_by == "name":
            return key
        try:
            instant = datetime.fromisoformat(key)
        except ValueError as error:
            raise no_cursor() from error
        if instant.tzinfo is None:
            raise no_cursor()
        return instant


@dataclass(frozen=True, kw_only=True)
class AssetPage(Generic[T]):
    """`total` counts all that match or, where not `total_is_exact`, as many as there are at least.

    `next_cursor` is nothing after the last page.
    """

    items: Sequence[T]
    total: int
    total_is_exact: bool
    has_more: bool
    next_cursor: str | None

    def showing(self, facts: Callable[[T], U]) -> "AssetPage[U]":
        """The same page of what the answer shows of each."""
        return AssetPage(
            items=[facts(item) for item in self.items],
            total=self.total,
            total_is_exact=self.total_is_exact,
            has_more=self.has_more,
            next_cursor=self.next_cursor,
        )


def page_of_assets(
    actor: Actor,
    wanted: AssetFilter,
    order: AssetOrder,
    paging: Paging,
    *,
    after: str,
    now: datetime,
) -> AssetPage[Asset]:
    """Those within the actor's reach; `after` is a cursor, or empty."""
    where = [*within_reach(media_assets, actor), *wanted.conditions(now)]
    there = where if not after else [*where, order.is_after(after)]
    with transaction() as session, past_policies(session) if wanted.search else nullcontext():
        found = session.scalars(
            select(Asset)
            .where(*there)
            .order_by(*order.by())
            .limit(paging.limit + 1)
            .offset(paging.offset)
        ).all()
        items, has_more = found[: paging.limit], len(found) > paging.limit
        total = _count(session, where)
    return AssetPage(
        items=items,
        total=total,
        total_is_exact=total <= COUNTED,
        has_more=has_more,
        next_cursor=order.cursor(items[-1]) if has_more else None,
    )


def _count(session: Session, where: Sequence[ColumnElement[bool]]) -> int:
    """One more than `COUNTED` at most."""
    counted = select(literal(1)).select_from(media_assets).where(*where).limit(COUNTED + 1)
    return session.scalar(select(func.count()).select_from(counted.subquery())) or 0


def one_asset(actor: Actor, asset_id: UUID) -> tuple[Asset, Sequence[MediaUse]]:
    """With the variants that show it."""
    with transaction() as session:
        asset = actor.own(session.scalar(live_asset(asset_id)), "media")
        return asset, uses_of_media(session, asset.organization_id, asset.id)


@dataclass(frozen=True, kw_only=True)
class UsageOfKind:
    kind: MediaKind | None
    files: int
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Usage:
    """`kinds` are those there is anything of; what is announced is of none yet."""

    bytes: int
    files: int
    kinds: Sequence[UsageOfKind]


def usage(actor: Actor) -> Usage:
    """What the organization keeps, as its quota counts it."""
    assets = media_assets.c
    with transaction() as session:
        rows = session.execute(
            select(
                assets.kind,
                func.count().label("files"),
                func.coalesce(func.sum(assets.size), 0).label("bytes"),
            )
            .where(
                assets.organization_id == actor.organization_id,
                and_(assets.deleted_at.is_(None), assets.condemned_at.is_(None)),
                assets.status != AssetStatus.REFUSED,
            )
            .group_by(assets.kind)
            .order_by(assets.kind)
        ).all()
    kinds = [UsageOfKind(kind=row.kind, files=row.files, bytes=int(row.bytes)) for row in rows]
    return Usage(
        bytes=sum(each.bytes for each in kinds),
        files=sum(each.files for each in kinds),
        kinds=kinds,
    )
