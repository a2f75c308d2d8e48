"""Moments as callers write them."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from shared.kernel.clock import utc_now

RUN_AT = (
    "ISO 8601. With an offset it is that instant; without one it is local time in `timezone`:"
    " in the hour that daylight saving skips it moves forward, in the hour that comes twice"
    " the first one is meant."
)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


def _written(moment: Any) -> Any:
    """Numbers would be taken for seconds since 1970, and a day alone for its midnight."""
    if not isinstance(moment, str) or not _DATE_AND_TIME.match(moment):
        raise PydanticCustomError("VALIDATION_ERROR", "Write it as 2027-03-01T09:00:00")
    return moment


Written = Annotated[datetime, BeforeValidator(_written)]


def _day_or_moment(given: Any) -> Any:
    """Blank is as good as absent."""
    text = given.strip() if isinstance(given, str) else ""
    if not text:
        return None
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    if _DATE_AND_TIME.match(text):
        return datetime.fromisoformat(text)
    raise PydanticCustomError("VALIDATION_ERROR", "Write it as 2027-03-01 or 2027-03-01T09:00:00Z")


DayOrMoment = Annotated[datetime | date | None, BeforeValidator(_day_or_moment)]
"""A day alone is the whole of it; a time without an offset is of the zone that is asked for."""


def with_moment(example: dict[str, str], name: str = "run_at") -> Callable[[dict[str, Any]], None]:
    """An example that can be pasted, whenever the document is built: nine o'clock in a week."""

    def extend(schema: dict[str, Any]) -> None:
        moment = (utc_now() + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)
        schema["examples"] = [{**example, name: moment.replace(tzinfo=None).isoformat()}]

    return extend
