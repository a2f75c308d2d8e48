"""``rate(…)`` and ``cron(…)`` as EventBridge writes them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.refused import Refused
from runner.schedule_expression import parse

MINUTES = st.integers(0, 70_000_000).map(lambda each: datetime.fromtimestamp(60 * each, UTC))


@given(minute=MINUTES)
def test_every_minute(minute: datetime) -> None:
    assert parse("cron(* * * * ? *)")(minute)
    assert parse("rate(1 minute)")(minute)


@given(start=MINUTES, every=st.integers(1, 90))
def test_rate_ticks_once_within_its_length(start: datetime, every: int) -> None:
    matches = parse(f"rate({every} minutes)")
    assert sum(matches(start + timedelta(minutes=each)) for each in range(every)) == 1


@pytest.mark.parametrize(
    ("expression", "ticks", "does_not"),
    [
        ("cron(0 12 * * ? *)", "2026-11-20T12:00", "2026-11-20T12:01"),
        ("cron(0/15 * * * ? *)", "2026-11-20T12:45", "2026-11-20T12:46"),
        ("cron(*/20 8-10 * * ? *)", "2026-11-20T10:40", "2026-11-20T11:00"),
        ("cron(0 9 ? * MON-FRI *)", "2026-11-20T09:00", "2026-11-21T09:00"),
        ("cron(0 9 ? * 1 *)", "2026-11-22T09:00", "2026-11-23T09:00"),
        ("cron(0 0 1,15 JAN,jul ? *)", "2026-07-15T00:00", "2026-08-15T00:00"),
        ("cron(0 0 1 1 ? 2027-2028)", "2027-01-01T00:00", "2026-01-01T00:00"),
        ("rate(2 hours)", "2026-11-20T12:00", "2026-11-20T13:00"),
        ("rate(1 day)", "2026-11-20T00:00", "2026-11-20T12:00"),
    ],
)
def test_ticks_when_it_should(expression: str, ticks: str, does_not: str) -> None:
    matches = parse(expression)
    assert matches(datetime.fromisoformat(ticks).replace(tzinfo=UTC))
    assert not matches(datetime.fromisoformat(does_not).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("every minute", "every minute"),
        ("rate(0 minutes)", "rate(0 minutes)"),
        ("rate(5 seconds)", "rate(5 seconds)"),
        ("cron(* * * * *)", "6 fields"),
        ("cron(* * * * * *)", "?"),
        ("cron(* * ? * ? *)", "?"),
        ("cron(60 * * * ? *)", "'60'"),
        ("cron(0 0 L * ? *)", "'L'"),
        ("cron(0 0 ? * 6#3 *)", "'6#3'"),
        ("cron(0 0 5W * ? *)", "'5W'"),
        ("cron(30-10 * * * ? *)", "'30-10'"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(expression: str, named: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(expression)
    assert named in str(refusal.value)
