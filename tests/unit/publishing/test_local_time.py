"""A naive time belongs to a zone, also in the hours that do not exist or come twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import RuleViolation
from shared.publishing.domain.local_time import to_instant, to_local


@pytest.mark.parametrize(
    ("written", "timezone", "instant"),
    [
        ("2027-01-15T09:00", "Europe/Berlin", "2027-01-15T08:00Z"),
        ("2027-07-15T09:00", "Europe/Berlin", "2027-07-15T07:00Z"),
        ("2027-07-15T09:00", "Asia/Kathmandu", "2027-07-15T03:15Z"),
        ("2027-07-15T09:00+05:00", "Europe/Berlin", "2027-07-15T04:00Z"),
        # 02:30 does not exist on 28 March: an hour is skipped, so it moves to 03:30 summer time.
        ("2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:30Z"),
        # Half an hour is skipped on Lord Howe Island.
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45Z"),
        # 02:30 comes twice on 31 October: the first one, still in summer time.
        ("2027-10-31T02:30", "Europe/Berlin", "2027-10-31T00:30Z"),
    ],
)
def test_instant_of_a_written_time(written: str, timezone: str, instant: str) -> None:
    assert to_instant(datetime.fromisoformat(written), timezone) == datetime.fromisoformat(instant)


def test_a_time_in_the_gap_moves_forward_by_the_gap() -> None:
    instant = to_instant(datetime(2027, 3, 28, 2, 30), "Europe/Berlin")  # noqa: DTZ001
    assert to_local(instant, "Europe/Berlin").strftime("%H:%M") == "03:30"


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe/", "x" * 300, "\0"])
def test_what_is_not_a_zone_is_refused(name: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        to_instant(datetime(2027, 1, 1), name)  # noqa: DTZ001
    assert caught.value.code == "INVALID_TIMEZONE"


@pytest.mark.parametrize("written", ["0001-01-01T00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_the_ends_of_the_calendar_are_refused(written: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        to_instant(datetime.fromisoformat(written), "UTC")
    assert caught.value.code == "SCHEDULE_TIME_TOO_FAR"


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2040, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Tehran"]),
)
def test_a_time_that_exists_is_kept_and_another_moves_forward(
    written: datetime, timezone: str
) -> None:
    local = to_instant(written, timezone).astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    assert timedelta() <= local - written <= timedelta(hours=1)


def test_answers_are_in_utc() -> None:
    assert to_instant(datetime(2027, 1, 1), "Asia/Tokyo").tzinfo is UTC  # noqa: DTZ001
