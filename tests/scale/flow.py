"""Posts that fall due and leave at a pace, first come, first served: how late each of them is.

A fluid in steps of a second. Where several things bound the pace, such as the scanner's claims and
the publishers behind it, the slowest of them alone decides when something leaves.
"""

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TOO_LATE = 3600
"""Seconds after which a post is skipped rather than sent, as connections have it by default."""


@dataclass(frozen=True, kw_only=True)
class Drained:
    """`late` counts published posts by the whole seconds they were late."""

    due: int
    late: Counter[int]
    skipped: int
    waiting: int

    @property
    def published(self) -> int:
        return self.late.total()

    def percentile(self, share: float) -> float:
        """Seconds that so large a share of all that left or was skipped was late at most.

        What was skipped was later than anything.
        """
        wanted = share * (self.published + self.skipped)
        gone = 0
        for seconds in sorted(self.late):
            gone += self.late[seconds]
            if gone >= wanted:
                return seconds
        return math.inf if self.skipped else 0.0


def drained(due: Sequence[int], *, pace: float, too_late: int = TOO_LATE) -> Drained:
    """What became of posts, by the second they were due at, that leave at so many a second.

    `waiting` is what had neither left nor been skipped at the end of `due`.
    """
    queue: deque[list[int]] = deque()
    late: Counter[int] = Counter()
    skipped = 0
    credit = 0.0
    for now, arriving in enumerate(due):
        if arriving:
            queue.append([now, arriving])
        while queue and now - queue[0][0] > too_late:
            skipped += queue.popleft()[1]
        credit = credit % 1 + pace
        while queue and credit >= 1:
            since, there = queue[0]
            leaving = min(there, int(credit))
            late[now - since] += leaving
            credit -= leaving
            if leaving == there:
                queue.popleft()
            else:
                queue[0][1] -= leaving
    waiting = sum(there for _, there in queue)
    return Drained(due=sum(due), late=late, skipped=skipped, waiting=waiting)


@dataclass(frozen=True, kw_only=True)
class Let:
    """`through` is by the second; `held` still waits for its budget at the end."""

    through: Sequence[int]
    held: int


def let_through(due: Iterable[int], *, budget: int, window: int) -> Let:
    """What a budget lets through, so many in each window of seconds; the others keep their order.

    What waits for a budget has its moment moved: it is not late.
    """
    through: list[int] = []
    held = left = 0
    for now, arriving in enumerate(due):
        if now % window == 0:
            left = budget
        wanted = held + arriving
        passing = min(wanted, left)
        left -= passing
        held = wanted - passing
        through.append(passing)
    return Let(through=through, held=held)


def least_pace(due: Sequence[int], *, share: float, seconds: float) -> float:
    """The slowest pace, to one in a hundred, at which so large a share is no later than that."""
    slow, fast = sum(due) / len(due), float(max(due))
    while fast / slow > 1.01:
        middle = math.sqrt(slow * fast)
        if drained(due, pace=middle).percentile(share) <= seconds:
            fast = middle
        else:
            slow = middle
    return fast
