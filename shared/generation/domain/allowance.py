"""How often something may be written for somebody, and for an organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from shared.kernel.errors import LimitExceeded


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """At most `times` in any stretch of time as long as `period`; 0 for any number.

    `whose` tells whether it is one person's or an organization's.
    """

    whose: str
    times: int
    period: timedelta

    def demand(self, begun: Sequence[datetime], now: datetime) -> None:
        """Refuse another one, given when the last `times` were begun, in any order.

        Raises:
            LimitExceeded: `GENERATION_RATE_LIMIT_EXCEEDED`.
        """
        counted = sorted(each for each in begun if each > now - self.period)
        if not self.times or len(counted) < self.times:
            return
        reset_at = counted[-self.times] + self.period
        error = LimitExceeded(
            "GENERATION_RATE_LIMIT_EXCEEDED",
            f"At most {self.times} texts may be asked for in {self.period} by {self.whose}",
            retry_after=max(1, ceil((reset_at - now).total_seconds())),
            limit=self.times,
        )
        error.meta = {
            **(error.meta or {}),
            "limit": self.times,
            "scope": self.whose,
            "reset_at": reset_at.isoformat().replace("+00:00", "Z"),
        }
        raise error


@dataclass(frozen=True, kw_only=True)
class Allowances:
    of_person: Allowance
    of_organization: Allowance
