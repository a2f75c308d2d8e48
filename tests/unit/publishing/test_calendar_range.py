"""What lies between two days or moments."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.kernel.errors import RuleViolation
from shared.publishing.domain.calendar_range import CalendarRange


def between(start: str, end: str, timezone: str = "UTC") -> tuple[str, str]:
    found = CalendarRange.between(_read(start), _read(end), timezone=timezone)
    return f"{found.start:%Y-%m-%dT%H:%M}", f"{found.end:%Y-%m-%dT%H:%M}"


def _read(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "end", "timezone", "expected"),
    [
        ("2027-03-01", "2027-03-31", "UTC", ("2027-03-01T00:00", "2027-04-01T00:00")),
        ("2027-03-28", "2027-03-28", "Europe/Berlin", ("2027-03-27T23:00", "2027-03-28T22:00")),
        ("2027-10-31", "2027-10-31", "Europe/Berlin", ("2027-10-30T22:00", "2027-10-31T23:00")),
        ("2027-03-01T09:00", "2027-03-01", "Asia/Tokyo", ("2027-03-01T00:00", "2027-03-01T15:00")),
        (
            "2027-03-01T09:00Z",
            "2027-03-01T12:00+02:00",
            "Asia/Tokyo",
            ("2027-03-01T09:00", "2027-03-01T10:00"),
        ),
    ],
)
def test_a_range_is_of_instants(
    start: str, end: str, timezone: str, expected: tuple[str, str]
) -> None:
    assert between(start, end, timezone) == expected


@pytest.mark.parametrize(
    ("start", "end", "timezone", "code"),
    [
        ("2027-03-02", "2027-03-01", "UTC", "INVALID_DATE_RANGE"),
        ("2027-03-01T09:00:01", "2027-03-01T09:00", "UTC", "INVALID_DATE_RANGE"),
        ("2027-03-01T09:00", "2027-03-01T09:00", "UTC", "INVALID_DATE_RANGE"),
        ("2027-03-01", "2027-06-01", "UTC", "DATE_RANGE_TOO_LONG"),
        ("2027-03-01T00:00", "2027-06-01T00:00:01", "UTC", "DATE_RANGE_TOO_LONG"),
        ("2027-03-01", "2027-03-02", "Mars/Olympus", "INVALID_TIMEZONE"),
        ("9999-12-31", "9999-12-31", "UTC", "VALIDATION_ERROR"),
        ("0001-01-01", "0001-01-02", "Asia/Tokyo", "VALIDATION_ERROR"),
    ],
)
def test_what_is_no_range(start: str, end: str, timezone: str, code: str) -> None:
    with pytest.raises(RuleViolation) as raised:
        between(start, end, timezone)
    assert raised.value.code == code


@pytest.mark.parametrize("start", [date(2027, 2, 1), date(2027, 9, 1)])
def test_ninety_two_days_are_enough_whatever_the_clocks_do(start: date) -> None:
    """Summer time begins in one of them, and ends in the other."""
    end = start + timedelta(days=91)
    found = CalendarRange.between(start, end, timezone="Europe/Berlin")
    assert found.start.tzinfo is UTC
    assert abs(found.end - found.start - timedelta(days=92)) == timedelta(hours=1)
