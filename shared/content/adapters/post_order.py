"""In which order posts are listed, and where in it a page ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, Literal

from sqlalchemy import REAL, ColumnElement, Uuid, and_, bindparam, cast, func, or_, tuple_

from shared.content.adapters.tables import posts
from shared.content.domain.post_status import PostStatus
from shared.infrastructure.text_search import Search, looked_for_given
from shared.kernel.cursor import Cursor, no_cursor
from shared.kernel.errors import RuleViolation

SortBy = Literal["title", "description", "tags", "status", "created_at", "updated_at", "relevance"]


def _instant(key: str) -> datetime:
    instant = datetime.fromisoformat(key)
    if instant.tzinfo is None:
        raise ValueError(key)
    return instant


def _rank(key: float) -> float:
    if not isfinite(key):
        raise ValueError(key)
    return key


_READ: dict[str, Callable[[Any], Any]] = {
    "created_at": _instant,
    "updated_at": _instant,
    "title": str,
    "status": PostStatus,
    "relevance": _rank,
}
"""How the key of a cursor is read. Whole descriptions and lists of tags would not fit into one."""


@dataclass(frozen=True, kw_only=True)
class PostOrder:
    """`search` is of what relevance is judged by, whose text is given as `search`."""

    sort_by: SortBy
    descending: bool
    search: Search = "none"

    def __post_init__(self) -> None:
        if self.sort_by == "relevance" and self.search == "none":
            raise RuleViolation(
                "VALIDATION_ERROR", "What is relevant shows in a search only", field="sortBy"
            )

    @property
    def name(self) -> str:
        return f"{self.sort_by} {'desc' if self.descending else 'asc'}"

    @property
    def key(self) -> ColumnElement[Any]:
        if self.sort_by == "relevance":
            return func.ts_rank(posts.c.search, looked_for_given("search", self.search), type_=REAL)
        return posts.c[self.sort_by]

    def by(self, key: ColumnElement[Any], identity: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """The id decides between equal keys; posts that have none come last either way."""
        first, second = (each.desc() if self.descending else each.asc() for each in (key, identity))
        return [first.nulls_last() if self.sort_by == "title" else first, second]

    def cursor(self, row: Mapping[str, Any]) -> str | None:
        if self.sort_by not in _READ:
            return None
        key = row["sort_key"]
        written = key.isoformat() if isinstance(key, datetime) else key
        return Cursor(order=self.name, key=written, id=row["id"]).written()

    def read(self, written: str) -> Cursor:
        """A cursor of this order.

        Raises:
            RuleViolation: `INVALID_CURSOR`.
        """
        cursor = Cursor.read(written, order=self.name)
        try:
            self._value(cursor)
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise no_cursor() from error
        return cursor

    def is_after(self, *, titled: bool) -> ColumnElement[bool]:
        """The condition that a post comes after the `place` of a cursor.

        Not `titled`: the place is among those that have no title.
        """
        identity = bindparam("after_id", type_=Uuid)
        if not titled:
            return and_(posts.c.title.is_(None), self._beyond(posts.c.id, identity))
        place = cast(bindparam("after_key", type_=self.key.type), self.key.type)
        beyond = self._beyond(tuple_(self.key, posts.c.id), tuple_(place, identity))
        return or_(beyond, posts.c.title.is_(None)) if self.sort_by == "title" else beyond

    def place(self, cursor: Cursor | None) -> dict[str, Any]:
        """The values of `is_after`."""
        if cursor is None:
            return {}
        return {"after_id": cursor.id, "after_key": self._value(cursor)}

    def _value(self, cursor: Cursor) -> Any:
        if cursor.key is None:
            if self.sort_by != "title":
                raise ValueError(cursor)
            return None
        return _READ[self.sort_by](cursor.key)

    def _beyond(self, key: Any, place: Any) -> ColumnElement[bool]:
        beyond: ColumnElement[bool] = key < place if self.descending else key > place
        return beyond
