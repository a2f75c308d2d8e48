"""A day has as many posts as it says, more in the evening, most of them on the hour."""

import pytest

from tests.scale.day import SECONDS, Day

HOUR = 3600


def test_expected_posts_add_up_to_the_day() -> None:
    assert sum(Day(posts=1_000_000).expected()) == pytest.approx(1_000_000)


def test_an_hour_by_hand() -> None:
    """24,000 posts, the same each hour: 550 on the hour, 200 on the half, 75 at each quarter, and
    a tenth of a thousand over 3,600 seconds."""
    first = Day(posts=24_000, swing=0).expected()[:HOUR]
    marks = [first[minute * 60] for minute in (0, 15, 30, 45)]
    assert marks == pytest.approx([550 + 1 / 36, 75 + 1 / 36, 200 + 1 / 36, 75 + 1 / 36])
    assert first[1] == pytest.approx(100 / HOUR)


def test_the_busiest_hour_stands_as_far_above_the_mean_as_the_quietest_below() -> None:
    expected = Day(posts=24_000, swing=0.5, busiest_hour=18).expected()
    hours = [sum(expected[first : first + HOUR]) for first in range(0, SECONDS, HOUR)]
    assert hours[18] == pytest.approx(1500) == max(hours)
    assert hours[6] == pytest.approx(500) == min(hours)


def test_noise_follows_from_the_seed_and_keeps_the_size() -> None:
    day = Day(posts=10_000_000, seed=7)
    assert day.due() == day.due() != Day(posts=10_000_000, seed=8).due()
    assert sum(day.due()) == pytest.approx(10_000_000, rel=0.005)
