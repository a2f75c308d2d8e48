"""Rate limits as networks keep them: so many points in a window of so many seconds."""

import time
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class RateWindow:
    limit: int
    seconds: int
    used: int = 0
    ends_at: float = field(default=0.0)

    def take(self, points: int = 1) -> bool:
        """Whether the points could be had."""
        self.turn()
        if self.used + points > self.limit:
            return False
        self.used += points
        return True

    def turn(self) -> None:
        """Begin a new window where the last one is over."""
        now = time.time()
        if now >= self.ends_at:
            self.used, self.ends_at = 0, now + self.seconds

    @property
    def remaining(self) -> int:
        return self.limit - self.used
