"""What waits to be done after a commit, how often it is tried, and how it may end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.kernel.ids import OrganizationId


class OutboxState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    """Given up: tried as often as is tried, or nothing that could ever succeed."""


BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
"""How long each attempt is waited for before the next; the last one's also after the last."""

ATTEMPTS = len(BACKOFF) + 1
"""Two days in all, after which a mail is late enough to be wrong."""

LEASE = timedelta(seconds=150)
"""How long a message belongs to whoever has taken it; longer than a function runs."""

DONE_KEPT = timedelta(days=7)
"""How long a row stays after it was done, for whoever asks whether a mail went out."""

FAILED_KEPT = timedelta(days=30)
"""How long what was given up keeps its body, which may open an account, so that it can be tried."""

SKEW = timedelta(seconds=1)
"""How far the clock that wrote a message may be ahead of the one that looks for it."""


@dataclass(frozen=True, kw_only=True)
class OutboxMessage:
    """A message in the hands of whoever does what it asks for; `attempts` counts this one, too.

    `request_id` is the request's that it goes back to, where it was one.
    """

    id: UUID
    organization_id: OrganizationId
    body: Mapping[str, Any] = field(repr=False)
    attempts: int
    created_at: datetime
    request_id: str | None = None


@dataclass(frozen=True)
class Done:
    pass


@dataclass(frozen=True)
class TryAgain:
    """It may go well later; `reason` is kept, for whoever wonders."""

    reason: str


@dataclass(frozen=True)
class GiveUp:
    """It never will."""

    reason: str


Ending = Done | TryAgain | GiveUp
