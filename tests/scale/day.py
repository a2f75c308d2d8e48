"""A day of posts that fall due: more in the evening, and most of them on the hour."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SECONDS = 86_400
_HOUR, _MINUTE = 3600, 60

MARKS = {0: 0.55, 30: 0.2, 15: 0.075, 45: 0.075}
"""The share of an hour's posts that are due at these minutes, to the second; the others are due at
any second. Assumed: nobody publishes how people choose."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """`swing` is how far the busiest hour stands above the mean, and the quietest below it."""

    posts: int
    swing: float = 0.6
    busiest_hour: int = 18
    marks: Mapping[int, float] = field(default_factory=lambda: MARKS)
    seed: int = 0

    def due(self) -> Sequence[int]:
        """Posts by the second they are due at, with the noise of independent people."""
        chance = random.Random(self.seed)
        return [_drawn(chance, each) for each in self.expected()]

    def expected(self) -> Sequence[float]:
        """The same without noise; adds up to `posts`."""
        scattered = 1 - sum(self.marks.values())
        by_second = [0.0] * SECONDS
        for hour in range(24):
            posts = self.posts / 24 * self._weight(hour)
            begun = hour * _HOUR
            for second in range(begun, begun + _HOUR):
                by_second[second] = posts * scattered / _HOUR
            for minute, share in self.marks.items():
                by_second[begun + minute * _MINUTE] += posts * share
        return by_second

    def _weight(self, hour: int) -> float:
        """Of an hour beside the mean of all."""
        return 1 + self.swing * math.cos(2 * math.pi * (hour - self.busiest_hour) / 24)


def _drawn(chance: random.Random, mean: float) -> int:
    """A Poisson number, by its normal limit, which at these sizes it is."""
    return max(0, round(chance.gauss(mean, math.sqrt(mean)))) if mean else 0
