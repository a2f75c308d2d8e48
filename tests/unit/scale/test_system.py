"""The model against what was measured, and its ladder."""

import pytest

from tests.scale.day import Day
from tests.scale.ladder import SECONDS, SHARE, carries, climb
from tests.scale.measured import Publisher, publishers
from tests.scale.system import CONCURRENCY, DATABASE, PUBLISHERS, SCANNER, System, deployed


@pytest.mark.parametrize(
    "measured", publishers(), ids=lambda each: f"{each.megabytes} {each.delay}"
)
def test_a_publisher_is_as_fast_as_was_measured(measured: Publisher) -> None:
    """Within a seventh on the template's memory, within a third and a bit beyond it."""
    told = System(megabytes=measured.megabytes, delay=measured.delay).publisher
    tolerance = 0.15 if measured.megabytes == 512 else 0.36
    assert told == pytest.approx(measured.posts_per_second, rel=tolerance)


def test_what_bounds_by_hand() -> None:
    """Four queues with a publisher each; a hundred calls under way that take a tenth of a second
    are a thousand a second, if computing took no time."""
    system = System(queues=4, in_flight=100, delay=0.1, megabytes=1_000_000)
    assert system.paces()[PUBLISHERS] == pytest.approx(4000, rel=0.01)
    assert system.paces()[CONCURRENCY] == pytest.approx(800 * 1000, rel=0.01)


@pytest.mark.parametrize("more", [{"queues": 8}, {"cells": 2}, {"concurrency": 2000}])
def test_more_of_anything_is_never_slower(more: dict[str, int]) -> None:
    assert System(**more).pace >= System().pace


def test_a_day_that_is_carried_is_carried_and_more_is_not() -> None:
    system = deployed("small")
    due = Day(posts=1_000_000).due()
    posts = round(carries(system, due))
    [only] = climb(Day(posts=round(posts * 0.97)).due(), system)
    assert only.drained.percentile(SHARE) <= SECONDS
    first, *_ = climb(Day(posts=round(posts * 1.1)).due(), system)
    assert first.drained.percentile(SHARE) > SECONDS


@pytest.mark.parametrize(
    ("system", "gives_way"),
    [
        (System(capacity_units=64, queues=2), PUBLISHERS),
        (System(capacity_units=64, queues=500, scanner_megabytes=512), SCANNER),
        (System(capacity_units=0.5, queues=500), DATABASE),
        (System(capacity_units=64, queues=500, others=999), CONCURRENCY),
    ],
)
def test_the_ladder_turns_what_gives_way_until_it_is_fast_enough(
    system: System, gives_way: str
) -> None:
    due = Day(posts=10_000_000).due()
    first, *others = climb(due, system)
    assert first.gives_way == gives_way
    paces = [first.system.pace, *(step.system.pace for step in others)]
    assert paces == sorted(set(paces))
    assert [*others][-1].drained.percentile(SHARE) <= SECONDS
    for step in (first, *others):
        told = step.drained
        assert told.published + told.skipped + told.waiting == told.due == sum(due)
