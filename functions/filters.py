"""What lists are narrowed down by, as callers write it."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_]{1,50}$"),
    Field(description="The slug of a network in GET /channels"),
]


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Instant = Annotated[datetime, AfterValidator(_utc)]
"""Without an offset it is UTC."""
From = Annotated[
    Instant | None,
    Field(
        description="Included; ISO 8601, without an offset it is UTC",
        examples=["2027-03-01T00:00:00Z"],
    ),
]
To = Annotated[
    Instant | None,
    Field(
        description="Not included; ISO 8601, without an offset it is UTC",
        examples=["2027-04-01T00:00:00Z"],
    ),
]


def names(listed: str) -> list[str]:
    """Several words in one, separated by commas."""
    return [name for each in listed.split(",") if (name := each.strip())]
