"""What the plan of a connection makes doubtful about one more post: told, and never refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DUPLICATE_WITHIN = timedelta(hours=24)
CLOSE_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Saying:
    """One text at one moment: a post, or a part of its thread."""

    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What else is planned on the connection, or out already."""

    has_identical: bool
    has_duplicate: bool
    has_close: bool


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Something accepted that may not have been meant."""

    code: str
    description: str


_IDENTICAL = Warned(
    code="IDENTICAL_SCHEDULE",
    description="The same variant is already scheduled there for the same moment",
)
_DUPLICATE = Warned(
    code="DUPLICATE_CONTENT",
    description="The same text leaves there, or has left, within 24 hours of it",
)
_CLOSE = Warned(
    code="SCHEDULES_CLOSE_TOGETHER",
    description="Another post leaves there, or has left, within one minute of it",
)


def warnings_of(neighbours: Neighbours) -> Sequence[Warned]:
    found = (
        (neighbours.has_identical, _IDENTICAL),
        (neighbours.has_duplicate, _DUPLICATE),
        (neighbours.has_close, _CLOSE),
    )
    return [warned for is_so, warned in found if is_so]
