"""A page of a list: where it starts and how long it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Paging:
    limit: int
    offset: int


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """`total` counts all that match, not only what is on the page."""

    items: Sequence[T]
    total: int
