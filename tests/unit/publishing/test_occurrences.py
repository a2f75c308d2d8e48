"""Series on the clock of their zone, on the days on which the clock is moved, too."""

import time
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from shared.kernel.errors import RuleViolation
from shared.publishing.domain.local_time import to_instant, to_local
from shared.publishing.domain.occurrences import demand_series, occurrences, on_clock
from shared.publishing.domain.recurrence_rule import SHORTEST_GAP, parse_rule
from shared.publishing.domain.wall_clock import wall_clock
from tests.unit.publishing.rules import rules

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]


@pytest.mark.parametrize(
    ("timezone", "starts_at", "text", "expected"),
    [
        # Nine stays nine: an hour less between two of them in spring, one more in autumn.
        ("Europe/Berlin", "2027-03-27T09:00", "FREQ=DAILY", ["27 08:00", "28 07:00", "29 07:00"]),
        ("Europe/Berlin", "2027-10-30T09:00", "FREQ=DAILY", ["30 07:00", "31 08:00", "01 08:00"]),
        (
            "America/New_York",
            "2027-03-13T09:00",
            "FREQ=DAILY",
            ["13 14:00", "14 13:00", "15 13:00"],
        ),
        (
            "America/New_York",
            "2027-11-06T09:00",
            "FREQ=DAILY",
            ["06 13:00", "07 14:00", "08 14:00"],
        ),
        ("Africa/Cairo", "2027-04-29T09:00", "FREQ=DAILY", ["29 07:00", "30 06:00", "01 06:00"]),
        ("Africa/Cairo", "2027-10-28T09:00", "FREQ=DAILY", ["28 06:00", "29 07:00", "30 07:00"]),
        # Half an hour, on Lord Howe Island.
        (
            "Australia/Lord_Howe",
            "2026-10-03T09:00",
            "FREQ=DAILY",
            ["02 22:30", "03 22:00", "04 22:00"],
        ),
        (
            "Australia/Lord_Howe",
            "2027-04-03T09:00",
            "FREQ=DAILY",
            ["02 22:00", "03 22:30", "04 22:30"],
        ),
        # What is in the gap moves forward by the gap, that day only.
        ("Europe/Berlin", "2027-03-27T02:30", "FREQ=DAILY", ["27 01:30", "28 01:30", "29 00:30"]),
        (
            "America/New_York",
            "2027-03-13T02:30",
            "FREQ=DAILY",
            ["13 07:30", "14 07:30", "15 06:30"],
        ),
        ("Africa/Cairo", "2027-04-29T00:15", "FREQ=DAILY", ["28 22:15", "29 22:15", "30 21:15"]),
        (
            "Australia/Lord_Howe",
            "2026-10-03T02:15",
            "FREQ=DAILY",
            ["02 15:45", "03 15:45", "04 15:15"],
        ),
        # What comes twice is meant the first time, and fires once.
        ("Europe/Berlin", "2027-10-30T02:30", "FREQ=DAILY", ["30 00:30", "31 00:30", "01 01:30"]),
        (
            "America/New_York",
            "2027-11-06T01:30",
            "FREQ=DAILY",
            ["06 05:30", "07 05:30", "08 06:30"],
        ),
        ("Africa/Cairo", "2027-10-28T23:30", "FREQ=DAILY", ["28 20:30", "29 21:30", "30 21:30"]),
        (
            "Australia/Lord_Howe",
            "2027-04-03T01:45",
            "FREQ=DAILY",
            ["02 14:45", "03 14:45", "04 15:15"],
        ),
        # Two that the gap makes one are one, and none overtakes another.
        (
            "Europe/Berlin",
            "2027-03-28T01:30",
            "FREQ=HOURLY;COUNT=4",
            ["28 00:30", "28 01:30", "28 02:30"],
        ),
        (
            "Europe/Berlin",
            "2027-03-28T02:50",
            "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=10,50;COUNT=4",
            ["28 01:10", "28 01:50", "29 00:10"],
        ),
        (
            "Europe/Berlin",
            "2027-03-28T02:00",
            "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=10,30;COUNT=4",
            ["28 01:10", "28 01:30"],
        ),
        # Closer than 15 minutes only because of the gap: the earlier is left.
        (
            "Europe/Berlin",
            "2027-03-28T02:00",
            "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=5,55;COUNT=5",
            ["28 01:05", "28 01:55", "29 00:05"],
        ),
        ("Europe/Berlin", "2027-03-28T02:50", "FREQ=MINUTELY;INTERVAL=55;COUNT=2", ["28 01:45"]),
        # The end is included, as an instant or on the clock.
        (
            "Europe/Berlin",
            "2027-07-01T09:00",
            "FREQ=DAILY;UNTIL=20270702T070000Z",
            ["01 07:00", "02 07:00"],
        ),
        ("Europe/Berlin", "2027-07-01T09:00", "FREQ=DAILY;UNTIL=20270702T065959Z", ["01 07:00"]),
        (
            "Europe/Berlin",
            "2027-07-01T09:00",
            "FREQ=DAILY;UNTIL=20270702T090000",
            ["01 07:00", "02 07:00"],
        ),
        (
            "Europe/Berlin",
            "2027-07-01T09:00",
            "FREQ=DAILY;UNTIL=20270702",
            ["01 07:00", "02 07:00"],
        ),
        (
            "Pacific/Kiritimati",
            "2027-07-01T09:00",
            "FREQ=DAILY;UNTIL=99991231T235959Z",
            ["30 19:00", "01 19:00", "02 19:00"],
        ),
    ],
)
def test_instants(timezone: str, starts_at: str, text: str, expected: list[str]) -> None:
    start = datetime.fromisoformat(starts_at)
    after = to_instant(start, timezone) - timedelta(days=1)
    found = occurrences(parse_rule(text), starts_at=start, timezone=timezone, after=after)
    assert [f"{instant:%d %H:%M}" for instant in islice(found, 3)] == expected


def test_only_what_comes_after() -> None:
    found = occurrences(
        parse_rule("FREQ=DAILY"),
        starts_at=datetime.fromisoformat("2020-01-01T09:30"),
        timezone="UTC",
        after=NOW,
    )
    assert next(found) == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert next(found) == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    on_it = occurrences(
        parse_rule("FREQ=DAILY"),
        starts_at=datetime.fromisoformat("2020-01-01T08:30"),
        timezone="UTC",
        after=NOW,
    )
    assert next(on_it) == NOW + timedelta(days=1)


def test_a_count_counts_what_is_past() -> None:
    start = datetime.fromisoformat("2026-11-18T09:30")
    found = occurrences(
        parse_rule("FREQ=DAILY;COUNT=4"), starts_at=start, timezone="UTC", after=NOW
    )
    assert [instant.day for instant in found] == [20, 21]


SERIES_START = datetime.fromisoformat("2026-11-20T09:30")


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;COUNT=1;BYHOUR=1",
        "FREQ=MINUTELY;INTERVAL=15",
        "FREQ=MINUTELY;BYMINUTE=0",
        "FREQ=SECONDLY;INTERVAL=900",
        "FREQ=HOURLY;BYMINUTE=0,15,30,45",
    ],
)
def test_which_series_are_taken(text: str) -> None:
    rule = demand_series(text, starts_at=SERIES_START, timezone="Europe/Berlin", now=NOW)
    assert rule == parse_rule(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "RECURRENCE_NEVER_FIRES"),
        ("FREQ=DAILY;UNTIL=20261119", "RECURRENCE_NEVER_FIRES"),
        ("FREQ=YEARLY;INTERVAL=11;BYMONTH=1", "RECURRENCE_NEVER_FIRES"),
        ("FREQ=HOURLY;INTERVAL=2;BYHOUR=10", "RECURRENCE_NEVER_FIRES"),
        ("FREQ=MINUTELY;INTERVAL=14", "RECURRENCE_TOO_FREQUENT"),
        ("FREQ=MINUTELY;BYMINUTE=0,14", "RECURRENCE_TOO_FREQUENT"),
        ("FREQ=MINUTELY;INTERVAL=7;BYMINUTE=0,14", "RECURRENCE_TOO_FREQUENT"),
        ("FREQ=SECONDLY;INTERVAL=899", "RECURRENCE_TOO_FREQUENT"),
        ("FREQ=HOURLY;BYMINUTE=0,15,30,46", "RECURRENCE_TOO_FREQUENT"),
        ("FREQ=DAILY;BYHOUR=0,23;BYMINUTE=5,55", "RECURRENCE_TOO_FREQUENT"),
        ("FREQ=DAILY;BYHOUR=9;BYSECOND=0,30", "RECURRENCE_TOO_FREQUENT"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1;BYHOUR=9;BYMINUTE=0,1", "RECURRENCE_TOO_FREQUENT"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,-1;BYHOUR=0,23;BYMINUTE=0,50;BYSETPOS=1,-1",
            "RECURRENCE_TOO_FREQUENT",
        ),
        ("nonsense", "RECURRENCE_RULE_INVALID"),
    ],
)
def test_which_series_are_refused_and_soon(text: str, code: str) -> None:
    began = time.process_time()
    with pytest.raises(RuleViolation) as caught:
        demand_series(text, starts_at=SERIES_START, timezone="Europe/Berlin", now=NOW)
    assert (caught.value.code, caught.value.field) == (code, "rule")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("year", [1, 2015, 2038, 9999])
def test_a_series_starts_in_our_time(year: int) -> None:
    with pytest.raises(RuleViolation) as caught:
        demand_series(
            "FREQ=DAILY",
            starts_at=datetime.fromisoformat(f"{year:04}-01-01"),
            timezone="UTC",
            now=NOW,
        )
    assert (caught.value.code, caught.value.field) == ("RECURRENCE_START_TOO_FAR", "starts_at")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2027-03-01T09:00:00.5", "2027-03-01T09:00:00"),
        ("2027-03-01T09:00+00:00", "2027-03-01T10:00:00"),
        ("2027-10-31T02:30+01:00", "2027-10-31T02:30:00"),
    ],
)
def test_a_start_is_read_off_the_clock(written: str, shown: str) -> None:
    assert on_clock(datetime.fromisoformat(written), "Europe/Berlin").isoformat() == shown


@pytest.mark.parametrize("written", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_a_start_outside_the_calendar_is_refused(written: str) -> None:
    with pytest.raises(RuleViolation):
        on_clock(datetime.fromisoformat(written), "Pacific/Kiritimati")


@given(
    rules(frequencies=("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")),
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31")),
    st.sampled_from(ZONES),
)
def test_occurrences_rise_keep_their_distance_and_stay_on_the_clock(
    text: str, start: datetime, timezone: str
) -> None:
    start = on_clock(start, timezone)
    try:
        rule = demand_series(text, starts_at=start, timezone=timezone, now=NOW)
    except RuleViolation:
        reject()
    found = list(islice(occurrences(rule, starts_at=start, timezone=timezone, after=NOW), 200))
    assert found
    assert found[0] > NOW
    assert all(other - one >= SHORTEST_GAP for one, other in pairwise(found))
    since = on_clock(NOW, timezone) - timedelta(days=2)
    clock = set(islice(wall_clock(rule, start, since=since), 1000))
    for instant in found:
        local = to_local(instant, timezone)
        assert local.fold == 0
        shown = local.replace(tzinfo=None)
        moved = {shown - timedelta(minutes=gap) for gap in (30, 60)}
        assert shown in clock or any(
            to_instant(each, timezone) == instant for each in moved & clock
        )
