"""How much one connection may publish, and when each of those that wait for it is to leave.

Three things bound it: quotas (the network's own, the owner's daily cap), the least gap between two
posts, and what the network said last of how many more it takes. A quota is a sliding window: it
allows `limit` posts in any stretch as long as its period, of whose two ends one counts. So a post
may leave as soon as the one `limit` places before it is a period old, and leaving as early as that
is never a disadvantage to those behind it. First come, first served: whoever asks for the first
time queues behind all that wait already.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice, repeat

from shared.publishing.domain.waiting import WaitingReason


@dataclass(frozen=True, kw_only=True)
class Quota:
    """At most `limit`, which is at least 1, within any stretch as long as `period`."""

    limit: int
    period: timedelta
    reason: WaitingReason


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """The network's word at `observed_at`: so many more until `resets_at`."""

    remaining: int
    observed_at: datetime
    resets_at: datetime


@dataclass(frozen=True)
class Go:
    """It may leave now."""


@dataclass(frozen=True)
class Wait:
    """It is planned for `until`, `reason` being the bound that holds it longest."""

    until: datetime
    reason: WaitingReason


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Of one connection; `sent_at` tells when its latest attempts started, in any order.

    What is in flight counts as sent at the present moment. Of longer ago than the longest period
    nothing need be known, but for the last instant, where there is a gap to keep. `planned` are
    those that wait already, in any order, but for the ones that ask now.
    """

    quotas: Sequence[Quota] = ()
    minimum_gap: timedelta = timedelta()
    allowance: Allowance | None = None
    sent_at: Sequence[datetime] = ()
    planned: Sequence[Wait] = ()


def plan(
    budget: Budget, wanted: int, now: datetime, *, turns: Sequence[datetime] = ()
) -> list[Go | Wait]:
    """What becomes of so many schedules, in their order.

    The first of them were planned before, for `turns`, which ascend: each queues behind what is
    planned for no later than that. The others queue behind all that is planned, and where nothing
    else holds one of them, the last planned one's reason does.

    Apart from that order none waits that could go, and each planned moment takes those before it
    for granted. Instants later than `now`, of a clock that ran ahead, count as now.
    """
    taken = sorted(min(instant, now) for instant in budget.sent_at)
    allowance = budget.allowance
    if allowance is None or allowance.resets_at <= now:
        resets_at, left = now, 0
    else:
        resets_at = allowance.resets_at
        since = bisect_left(taken, min(allowance.observed_at, now))
        left = allowance.remaining - (len(taken) - since)
    before = deque(sorted(budget.planned, key=lambda wait: wait.until))
    last = None
    planned: list[Go | Wait] = []
    for turn in islice(chain(turns, repeat(None)), wanted):
        while before and (turn is None or before[0].until <= turn):
            last = before.popleft()
            insort(taken, max(last.until, now))
            left -= last.until < resets_at
        moment, reason = _earliest(budget, taken, now)
        if last is not None and last.until > moment:
            moment, reason = last.until, last.reason
        if moment < resets_at:
            if left <= 0:
                moment, reason = resets_at, WaitingReason.RATE_LIMIT
            left -= 1
        insort(taken, moment)
        planned.append(Go() if reason is None else Wait(moment, reason))
    return planned


def _earliest(
    budget: Budget, taken: Sequence[datetime], now: datetime
) -> tuple[datetime, WaitingReason | None]:
    """By the quotas and the gap alone; `taken` is in order."""
    moment, reason = now, None
    for quota in budget.quotas:
        if len(taken) >= quota.limit and taken[-quota.limit] + quota.period > moment:
            moment, reason = taken[-quota.limit] + quota.period, quota.reason
    if budget.minimum_gap and taken and taken[-1] + budget.minimum_gap > moment:
        moment, reason = taken[-1] + budget.minimum_gap, WaitingReason.MINIMUM_GAP
    return moment, reason
