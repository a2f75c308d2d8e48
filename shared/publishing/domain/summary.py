"""What became of a post as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shared.publishing.domain.schedule import ACTIVE, Status


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How many schedules of a post ended how; what is unknown has not ended yet."""

    successful: int
    failed: int
    pending: int
    unknown: int

    @classmethod
    def of(cls, counted: Mapping[Status, int]) -> Self:
        """Cancelled ones do not count; a skipped one did not get there, so it has failed."""
        return cls(
            successful=counted.get(Status.SUCCESS, 0),
            failed=counted.get(Status.FAILED, 0) + counted.get(Status.SKIPPED, 0),
            pending=sum(counted.get(status, 0) for status in ACTIVE),
            unknown=counted.get(Status.UNKNOWN, 0),
        )

    @property
    def total_publishes(self) -> int:
        return self.successful + self.failed + self.pending + self.unknown

    @property
    def success_rate(self) -> float | None:
        """In percent of what has ended, if anything has."""
        ended = self.successful + self.failed
        return round(100 * self.successful / ended, 1) if ended else None
