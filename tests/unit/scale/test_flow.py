"""Small days by hand, and what must hold of every day: nothing is lost, and more is never later."""

import math
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scale.flow import drained, least_pace, let_through

days = st.lists(st.integers(0, 50), min_size=1, max_size=200)
paces = st.floats(0.1, 60)


@pytest.mark.parametrize(
    ("due", "pace", "late", "skipped", "waiting"),
    [
        ([3, 0, 0], 1, {0: 1, 1: 1, 2: 1}, 0, 0),
        ([3, 0, 0], 3, {0: 3}, 0, 0),
        ([2, 2, 0], 2, {0: 4}, 0, 0),
        ([4, 4, 0], 2, {0: 2, 1: 4}, 0, 2),
        ([2, 0, 0, 0], 0.5, {1: 1, 3: 1}, 0, 0),
        ([5, 0, 0, 0], 1, {0: 1, 1: 1, 2: 1}, 2, 0),
        ([0, 0], 1, {}, 0, 0),
    ],
)
def test_by_hand(
    due: Sequence[int], pace: float, late: dict[int, int], skipped: int, waiting: int
) -> None:
    told = drained(due, pace=pace, too_late=2 if skipped else 3600)
    assert (told.late, told.skipped, told.waiting) == (Counter(late), skipped, waiting)


@given(days, paces, st.integers(0, 100))
def test_everything_due_is_published_skipped_or_waits(
    due: list[int], pace: float, too_late: int
) -> None:
    told = drained(due, pace=pace, too_late=too_late)
    assert told.published + told.skipped + told.waiting == told.due == sum(due)
    assert max(told.late, default=0) <= too_late


@given(days, paces, st.floats(1, 3), st.sampled_from([0.5, 0.9, 0.99, 1.0]))
def test_a_faster_system_is_never_later(
    due: list[int], pace: float, faster: float, share: float
) -> None:
    ends = [0] * sum(due) * 10  # so that what is published is the same
    slow, fast = (drained([*due, *ends], pace=each) for each in (pace, pace * faster))
    if not slow.skipped:
        assert fast.percentile(share) <= slow.percentile(share)


def test_percentiles_count_what_was_skipped_as_later_than_anything() -> None:
    told = drained([5, 0, 0, 0], pace=1, too_late=2)
    assert [told.percentile(share) for share in (0.2, 0.6, 0.61, 1.0)] == [0, 2, math.inf, math.inf]


def test_no_post_is_not_late() -> None:
    assert drained([0], pace=1).percentile(0.99) == 0


@pytest.mark.parametrize(
    ("due", "budget", "through", "held"),
    [
        ([5, 0, 0, 0], 2, [2, 0, 2, 0], 1),
        ([1, 1, 1, 1], 2, [1, 1, 1, 1], 0),
        ([0, 3, 0, 0], 2, [0, 2, 1, 0], 0),
        ([9, 9], 0, [0, 0], 18),
    ],
)
def test_budgets_by_hand(
    due: Sequence[int], budget: int, through: Sequence[int], held: int
) -> None:
    """Windows of two seconds."""
    let = let_through(due, budget=budget, window=2)
    assert (let.through, let.held) == (through, held)


@given(days, st.integers(0, 60), st.integers(1, 50))
def test_a_budget_loses_nothing_and_is_kept_to(due: list[int], budget: int, window: int) -> None:
    let = let_through(due, budget=budget, window=window)
    assert sum(let.through) + let.held == sum(due)
    windows = [sum(let.through[first : first + window]) for first in range(0, len(due), window)]
    assert max(windows) <= budget


@given(st.lists(st.integers(0, 50), min_size=5, max_size=60).filter(lambda due: max(due) > 0))
def test_the_least_pace_is_fast_enough_and_hardly_faster(due: list[int]) -> None:
    pace = least_pace(due, share=0.9, seconds=2)
    assert drained(due, pace=pace).percentile(0.9) <= 2
