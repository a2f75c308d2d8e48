"""A connection publishes as much as it may, as early as it may, and no more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.publishing.domain.budget import Allowance, Budget, Go, Quota, Wait, plan
from shared.publishing.domain.waiting import WaitingReason

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
RATE, CAP, GAP = (
    WaitingReason.RATE_LIMIT,
    WaitingReason.DAILY_CAP,
    WaitingReason.MINIMUM_GAP,
)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def quota(limit: int, seconds: float, reason: WaitingReason = RATE) -> Quota:
    return Quota(limit=limit, period=timedelta(seconds=seconds), reason=reason)


def allowed(remaining: int, observed: float, resets: float) -> Allowance:
    return Allowance(remaining=remaining, observed_at=at(observed), resets_at=at(resets))


GAP_OF_A_MINUTE = timedelta(minutes=1)

CASES = {
    "nothing bounds it": (Budget(), [Go(), Go(), Go()]),
    "nothing was sent": (Budget(quotas=[quota(2, 10)]), [Go(), Go(), Wait(at(10), RATE)]),
    "the oldest of a full window makes way first": (
        Budget(quotas=[quota(3, 60)], sent_at=[at(-50), at(-20), at(-20)]),
        [Wait(at(10), RATE), Wait(at(40), RATE), Wait(at(40), RATE)],
    ),
    "what is a period old has made way": (
        Budget(quotas=[quota(1, 60)], sent_at=[at(-60)]),
        [Go(), Wait(at(60), RATE)],
    ),
    "history comes in any order": (
        Budget(quotas=[quota(2, 60)], sent_at=[at(-10), at(-70), at(-50)]),
        [Wait(at(10), RATE), Wait(at(50), RATE)],
    ),
    "more was sent than is allowed": (
        Budget(quotas=[quota(1, 60)], sent_at=[at(-40), at(-30), at(-20)]),
        [Wait(at(40), RATE), Wait(at(100), RATE)],
    ),
    "a daily cap spreads over days": (
        Budget(quotas=[quota(1, DAY.total_seconds(), CAP)], sent_at=[at(-3600)]),
        [Wait(at(23 * 3600), CAP), Wait(at(47 * 3600), CAP)],
    ),
    "a gap after the last one and between the next": (
        Budget(minimum_gap=GAP_OF_A_MINUTE, sent_at=[at(-20), at(-3000)]),
        [Wait(at(40), GAP), Wait(at(100), GAP)],
    ),
    "a gap that has passed": (
        Budget(minimum_gap=GAP_OF_A_MINUTE, sent_at=[at(-60)]),
        [Go(), Wait(at(60), GAP)],
    ),
    "the longest of several is the reason": (
        Budget(
            quotas=[quota(1, 30), quota(2, 500, CAP)],
            minimum_gap=GAP_OF_A_MINUTE,
            sent_at=[at(0)],
        ),
        [Wait(at(60), GAP), Wait(at(500), CAP), Wait(at(560), CAP)],
    ),
    "the network takes two more": (
        Budget(allowance=allowed(2, -5, 90), sent_at=[at(-6)]),
        [Go(), Go(), Wait(at(90), RATE), Wait(at(90), RATE)],
    ),
    "what was sent since counts against its word": (
        Budget(allowance=allowed(2, -5, 90), sent_at=[at(-6), at(-5), at(-1)]),
        [Wait(at(90), RATE)],
    ),
    "more was sent since than it took": (
        Budget(allowance=allowed(0, -5, 90), sent_at=[at(-1)]),
        [Wait(at(90), RATE)],
    ),
    "its word is over": (Budget(allowance=allowed(0, -500, 0)), [Go(), Go()]),
    "a gap that reaches beyond its word": (
        Budget(allowance=allowed(2, -1, 70), minimum_gap=GAP_OF_A_MINUTE),
        [Go(), Wait(at(60), GAP), Wait(at(120), GAP)],
    ),
    "a gap after its word": (
        Budget(allowance=allowed(1, -1, 70), minimum_gap=GAP_OF_A_MINUTE),
        [Go(), Wait(at(70), RATE), Wait(at(130), GAP)],
    ),
    "those that wait already come first": (
        Budget(minimum_gap=GAP_OF_A_MINUTE, planned=[Wait(at(90), CAP), Wait(at(30), CAP)]),
        [Wait(at(150), GAP), Wait(at(210), GAP)],
    ),
    "nothing but their order holds it": (
        Budget(planned=[Wait(at(30), GAP), Wait(at(90), CAP)]),
        [Wait(at(90), CAP), Wait(at(90), CAP)],
    ),
    "those that wait use up quotas": (
        Budget(quotas=[quota(2, 60)], sent_at=[at(-5)], planned=[Wait(at(20), RATE)]),
        [Wait(at(55), RATE), Wait(at(80), RATE)],
    ),
    "those that wait use up its word, while it lasts": (
        Budget(allowance=allowed(2, -5, 90), planned=[Wait(at(20), GAP)]),
        [Wait(at(20), GAP), Wait(at(90), RATE)],
    ),
    "those that wait for its word to end do not": (
        Budget(allowance=allowed(2, -5, 90), planned=[Wait(at(90), RATE)]),
        [Wait(at(90), RATE)] * 3,
    ),
    "a clock that ran ahead counts as now": (
        Budget(
            quotas=[quota(1, 60)],
            allowance=allowed(1, 3, 90),
            sent_at=[at(3600)],
        ),
        [Wait(at(90), RATE)],
    ),
}


@pytest.mark.parametrize(("budget", "expected"), CASES.values(), ids=CASES.keys())
def test_when_each_leaves(budget: Budget, expected: list[Go | Wait]) -> None:
    assert plan(budget, len(expected), NOW) == expected


def test_whose_turn_has_come_goes_before_those_planned_later() -> None:
    budget = Budget(minimum_gap=GAP_OF_A_MINUTE, planned=[Wait(at(60), GAP), Wait(at(120), GAP)])
    assert plan(budget, 2, NOW, turns=[at(0)]) == [Go(), Wait(at(180), GAP)]
    assert plan(budget, 2, NOW, turns=[at(60)]) == [Wait(at(120), GAP), Wait(at(180), GAP)]


def test_nobody_asked() -> None:
    assert plan(Budget(quotas=[quota(1, 60)], sent_at=[NOW]), 0, NOW) == []


seconds = st.integers(min_value=0, max_value=120)
quotas = st.lists(
    st.builds(
        quota,
        st.integers(min_value=1, max_value=6),
        st.integers(1, 100),
        st.sampled_from([RATE, CAP]),
    ),
    max_size=3,
)
words = st.builds(
    allowed,
    st.integers(min_value=0, max_value=5),
    st.integers(min_value=-120, max_value=0),
    st.integers(min_value=-20, max_value=100),
)
budgets = st.builds(
    Budget,
    quotas=quotas,
    minimum_gap=st.integers(0, 30).map(lambda each: timedelta(seconds=each)),
    allowance=st.none() | words,
    sent_at=st.lists(seconds.map(lambda ago: at(-ago)), max_size=12),
)


def permits(budget: Budget, sent: Sequence[datetime], moment: datetime) -> bool:
    """By the bounds' own words: may one be sent at this moment, after those?"""
    word = budget.allowance
    return (
        all(
            sum(each > moment - quota.period for each in sent) < quota.limit
            for quota in budget.quotas
        )
        and all(moment - each >= budget.minimum_gap for each in sent)
        and (
            word is None
            or moment >= word.resets_at
            or sum(each >= word.observed_at for each in sent) < word.remaining
        )
    )


def moments(planned: Sequence[Go | Wait]) -> list[datetime]:
    return [each.until if isinstance(each, Wait) else NOW for each in planned]


@given(budgets, st.integers(0, 15))
def test_each_leaves_as_soon_as_every_bound_permits_and_in_order(
    budget: Budget, wanted: int
) -> None:
    planned = plan(budget, wanted, NOW)
    assert len(planned) == wanted
    sent = list(budget.sent_at)
    for moment in moments(planned):
        assert permits(budget, sent, moment)
        just_before = moment - timedelta(microseconds=1)
        assert moment == NOW or not permits(budget, sent, just_before)
        sent.append(moment)
    assert sent[len(budget.sent_at) :] == sorted(moments(planned))


@given(budgets, st.integers(1, 15), st.data())
def test_asked_again_when_one_is_planned_the_plan_is_the_same(
    budget: Budget, wanted: int, data: st.DataObject
) -> None:
    planned = plan(budget, wanted, NOW)
    gone = data.draw(st.integers(0, wanted - 1))
    sent = [*budget.sent_at, *moments(planned)[:gone]]
    later = moments(planned)[gone]
    again = plan(
        Budget(
            quotas=budget.quotas,
            minimum_gap=budget.minimum_gap,
            allowance=budget.allowance,
            sent_at=sent,
        ),
        wanted - gone,
        later,
    )
    assert again[0] == Go()
    assert again == [
        Go() if moment == later else each
        for each, moment in zip(planned[gone:], moments(planned)[gone:], strict=True)
    ]


def waits(planned: Sequence[Go | Wait]) -> list[Wait]:
    return [each for each in planned if isinstance(each, Wait)]


@given(budgets, st.lists(st.integers(0, 6), max_size=4), st.randoms())
def test_asked_for_in_several_batches_the_plan_is_that_of_one(
    budget: Budget, batches: Sequence[int], shuffle: Random
) -> None:
    planned: list[Go | Wait] = []
    for wanted in batches:
        waiting = waits(planned)
        left = [NOW] * (len(planned) - len(waiting))
        shuffle.shuffle(waiting)
        known = replace(budget, sent_at=[*budget.sent_at, *left], planned=waiting)
        planned += plan(known, wanted, NOW)
    assert planned == plan(budget, sum(batches), NOW)


ahead = st.integers(min_value=1, max_value=300).map(at)
queues = st.lists(st.builds(Wait, ahead, st.sampled_from([RATE, CAP, GAP])), max_size=8)


@given(budgets, queues, st.lists(st.integers(-60, 300).map(at), max_size=5), st.integers(0, 6))
def test_no_bound_is_broken_where_all_that_is_planned_is_honoured(
    budget: Budget, queue: Sequence[Wait], turns: list[datetime], new: int
) -> None:
    turns.sort()
    planned = plan(replace(budget, planned=queue), len(turns) + new, NOW, turns=turns)
    leaving = moments(planned)
    assert leaving == sorted(leaving)
    for place, moment in enumerate(leaving):
        turn = turns[place] if place < len(turns) else datetime.max.replace(tzinfo=UTC)
        before = [each.until for each in queue if each.until <= turn]
        sent = [*budget.sent_at, *before, *leaving[:place]]
        assert permits(budget, sent, moment)
        first = max([NOW, *before])
        assert moment >= first
        just_before = moment - timedelta(microseconds=1)
        assert moment == first or not permits(budget, sent, just_before)


@given(budgets, st.integers(1, 15), st.data())
def test_whose_moment_comes_leaves_and_who_comes_then_queues_behind_the_rest(
    budget: Budget, wanted: int, data: st.DataObject
) -> None:
    *planned, last = plan(budget, wanted + 1, NOW)
    now = data.draw(st.sampled_from(moments(planned)))
    due = moments(planned).count(now)
    known = replace(
        budget,
        sent_at=[*budget.sent_at, *(each for each in moments(planned) if each < now)],
        planned=[each for each in waits(planned) if each.until > now],
    )
    *leaving, behind = plan(known, due + 1, now, turns=[now] * due)
    assert leaving == [Go()] * due
    assert behind == (Go() if moments([last]) == [now] else last)


def test_five_hundred_on_a_long_history_take_milliseconds() -> None:
    budget = Budget(
        quotas=[quota(1666, 3600), quota(11_666, DAY.total_seconds()), quota(5000, 7200, CAP)],
        minimum_gap=timedelta(seconds=1),
        allowance=allowed(200, -10, 1000),
        sent_at=[at(-each) for each in range(11_000)],
    )
    budget = replace(budget, planned=[Wait(at(each), GAP) for each in range(1, 5000)])

    def taken() -> float:
        began = process_time()
        assert len(plan(budget, 500, NOW)) == 500
        return process_time() - began

    assert min(taken() for _ in range(3)) < 0.1
