"""Why a schedule that is due is not sent yet."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class WaitingReason(StrEnum):
    RATE_LIMIT = "RATE_LIMIT"
    """The network takes no more for now."""
    DAILY_CAP = "DAILY_CAP"
    """The account's posts of 24 hours are used up."""
    MINIMUM_GAP = "MINIMUM_GAP"
    """Another post went out there a moment ago."""
    CONNECTION_ERROR = "CONNECTION_ERROR"
    """The account must be connected again."""
    CREDENTIALS_EXPIRED = "CREDENTIALS_EXPIRED"
    """What the network gave to sign in with is being renewed."""
    PREVIOUS_PART = "PREVIOUS_PART"
    """The part of the thread before it is not out yet."""
    MEDIA_PROCESSING = "MEDIA_PROCESSING"
    """What it shows is being made ready for its network."""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Look again at `until`.

    Where `is_plan`, that is its planned moment from now on, from which lateness is counted; else
    the planned moment stays, and it may become too late while it waits.
    """

    until: datetime
    reason: WaitingReason
    is_plan: bool
