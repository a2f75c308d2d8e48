"""A page of a list: where it starts and how long it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Paging:
    limit: int
    offset: int

    @classmethod
    def numbered(cls, page: int, *, size: int) -> Self:
        """The first page is 1."""
        return cls(limit=size, offset=(page - 1) * size)

    @property
    def number(self) -> int:
        return self.offset // self.limit + 1

    def pages(self, total: int) -> int:
        return -(-total // self.limit)


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """`total` counts all that match, not only what is on the page."""

    items: Sequence[T]
    total: int
