"""What waits to be done after a commit, and how it may end."""

from enum import StrEnum


class OutboxState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    """Given up: tried as often as is tried, or nothing that could ever succeed."""
