"""How often something may be written, in any stretch of time."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.generation.domain.allowance import Allowance
from shared.kernel.errors import LimitExceeded

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
TWICE = Allowance(whose="a person", times=2, period=timedelta(minutes=1))


def ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=each) for each in seconds]


@pytest.mark.parametrize("begun", [(), (1,), (60, 1), (200, 100, 61)])
def test_as_often_as_that_is_allowed(begun: tuple[float, ...]) -> None:
    TWICE.demand(ago(*begun), NOW)


@pytest.mark.parametrize(("begun", "wait"), [((50, 1), 10), ((1, 50), 10), ((50, 20, 1), 40)])
def test_more_often_has_to_wait_until_one_is_long_enough_ago(
    begun: tuple[float, ...], wait: int
) -> None:
    with pytest.raises(LimitExceeded) as refused:
        TWICE.demand(ago(*begun), NOW)
    assert refused.value.retry_after == wait
    assert refused.value.meta is not None
    assert refused.value.meta["reset_at"] == f"2027-03-01T12:00:{wait:02}Z"


def test_nought_is_any_number() -> None:
    Allowance(whose="a person", times=0, period=timedelta(hours=1)).demand(ago(*range(100)), NOW)
