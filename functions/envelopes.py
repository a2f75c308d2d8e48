"""The few shapes in which lists and single things are answered."""

from collections.abc import Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.kernel.paging import Page, Paging

T = TypeVar("T")


class _Shaped(BaseModel):
    @classmethod
    def _shape(cls, **parts: object) -> Self:
        """Shape anything that has the attributes."""
        return cls.model_validate(parts, from_attributes=True)


class Data(_Shaped, Generic[T]):
    data: T

    @classmethod
    def of(cls, value: object) -> Self:
        return cls._shape(data=value)


class Pagination(BaseModel):
    """`total` counts all that match."""

    limit: int
    offset: int
    total: int


class Paged(_Shaped, Generic[T]):
    """A page of a list, which begins at any of its items."""

    data: list[T]
    pagination: Pagination

    @classmethod
    def of(cls, page: Page[Any], paging: Paging) -> Self:
        place = Pagination(limit=paging.limit, offset=paging.offset, total=page.total)
        return cls._shape(data=page.items, pagination=place)


class Listed(_Shaped, Generic[T]):
    """The same, in the words of schedules."""

    data: list[T]
    meta: Pagination

    @classmethod
    def of(cls, page: Page[Any], paging: Paging) -> Self:
        place = Pagination(limit=paging.limit, offset=paging.offset, total=page.total)
        return cls._shape(data=page.items, meta=place)


class Continued(Pagination):
    """`total` counts all that match or, where not `total_is_exact`, as many as there are at least.

    `next_cursor` asks for the page after this one, whatever is added or goes meanwhile.
    """

    total_is_exact: bool
    has_more: bool
    next_cursor: str | None


class Going(Protocol):
    """A page of a list that may go on."""

    @property
    def items(self) -> Sequence[Any]: ...

    @property
    def total(self) -> int: ...

    @property
    def total_is_exact(self) -> bool: ...

    @property
    def has_more(self) -> bool: ...

    @property
    def next_cursor(self) -> str | None: ...


class CursorPaged(_Shaped, Generic[T]):
    """A page of a list, which begins after the last item of another, or as `Paged` does."""

    data: list[T]
    pagination: Continued

    @classmethod
    def of(cls, page: Going, paging: Paging) -> Self:
        place = Continued(
            limit=paging.limit,
            offset=paging.offset,
            total=page.total,
            total_is_exact=page.total_is_exact,
            has_more=page.has_more,
            next_cursor=page.next_cursor,
        )
        return cls._shape(data=page.items, pagination=place)


class PageNumber(BaseModel):
    """`total` counts all that match; the first page is 1."""

    total: int
    page: int
    per_page: int
    total_pages: int


class Numbered(_Shaped, Generic[T]):
    """A page of a list that is cut into numbered ones."""

    data: list[T]
    pagination: PageNumber

    @classmethod
    def of(cls, page: Page[Any], paging: Paging) -> Self:
        place = PageNumber(
            total=page.total,
            page=paging.number,
            per_page=paging.limit,
            total_pages=paging.pages(page.total),
        )
        return cls._shape(data=page.items, pagination=place)


class Titled(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...


class ChannelName(BaseModel):
    """A network; its id and its key are the same word."""

    id: str
    key: str
    name: str

    @classmethod
    def of(cls, channel: Titled) -> Self:
        return cls(id=channel.id, key=channel.id, name=channel.title)


class WarningOut(BaseModel):
    """What may be done and may not have been meant; `field` is what it concerns, if one thing."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    description: str
    field: str | None = None
