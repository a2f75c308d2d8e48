"""The few shapes in which lists and single things are answered."""

from collections.abc import Sequence
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel

from shared.kernel.paging import Page, Paging

T = TypeVar("T")


class Data(BaseModel, Generic[T]):
    data: T

    @classmethod
    def of(cls, value: object) -> Self:
        """Shape anything that has the attributes."""
        return cls.model_validate({"data": value}, from_attributes=True)


class Pagination(BaseModel):
    """`total` counts all that match."""

    limit: int
    offset: int
    total: int


class Paged(BaseModel, Generic[T]):
    """A page of a list with its place in the whole."""

    data: Sequence[T]
    pagination: Pagination

    @classmethod
    def of(cls, page: Page[Any], paging: Paging) -> Self:
        return cls.model_validate(
            {
                "data": page.items,
                "pagination": {
                    "limit": paging.limit,
                    "offset": paging.offset,
                    "total": page.total,
                },
            },
            from_attributes=True,
        )
