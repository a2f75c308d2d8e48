"""The rule's times on the clock: beside dateutil's own where it can be asked, and quickly."""

import time
from datetime import datetime, timedelta
from itertools import islice, pairwise

import pytest
from dateutil import rrule
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from shared.kernel.errors import RuleViolation
from shared.publishing.domain.recurrence_rule import parse_rule
from shared.publishing.domain.wall_clock import LOOK_AHEAD, wall_clock
from tests.unit.publishing.rules import rules

START = datetime.fromisoformat("2026-11-20T09:30")
STARTS = st.datetimes(
    datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2035-12-31")
).map(lambda moment: moment.replace(microsecond=0))


def first(text: str, count: int = 3, start: datetime = START) -> list[str]:
    found = wall_clock(parse_rule(text), start, since=start)
    return [f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00") for moment in islice(found, count)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY", ["2026-11-20 09:30", "2026-11-21 09:30", "2026-11-22 09:30"]),
        ("FREQ=DAILY;COUNT=2", ["2026-11-20 09:30", "2026-11-21 09:30"]),
        ("FREQ=WEEKLY", ["2026-11-20 09:30", "2026-11-27 09:30", "2026-12-04 09:30"]),
        (
            "FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=8",
            ["2026-11-23 08:30", "2026-11-27 08:30", "2026-11-30 08:30"],
        ),
        # Two weeks on, counted from the week of the start, which begins where WKST says.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
            ["2026-11-22 09:30", "2026-12-06 09:30", "2026-12-20 09:30"],
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU",
            ["2026-11-29 09:30", "2026-12-13 09:30", "2026-12-27 09:30"],
        ),
        # The last of a week, also where the week began before the start.
        (
            "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1",
            ["2026-11-23 09:30", "2026-11-30 09:30", "2026-12-07 09:30"],
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2026-11-27 09:30", "2026-12-25 09:30", "2027-01-29 09:30"]),
        # A numbered weekday beside a plain one means both.
        ("FREQ=MONTHLY;BYDAY=1FR,MO", ["2026-11-23 09:30", "2026-11-30 09:30", "2026-12-04 09:30"]),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            ["2026-12-31 09:30", "2027-01-31 09:30", "2027-03-31 09:30"],
        ),
        # A week of the year is one day of it: that of the start.
        ("FREQ=YEARLY;BYWEEKNO=20", ["2027-05-21 09:30", "2028-05-19 09:30", "2029-05-18 09:30"]),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            ["2028-02-29 09:30", "2032-02-29 09:30", "2036-02-29 09:30"],
        ),
        ("FREQ=HOURLY;INTERVAL=8", ["2026-11-20 09:30", "2026-11-20 17:30", "2026-11-21 01:30"]),
        # Every seven hours of the day and night, where these meet nine o'clock.
        (
            "FREQ=HOURLY;INTERVAL=7;BYHOUR=9",
            ["2026-11-20 09:30", "2026-11-27 09:30", "2026-12-04 09:30"],
        ),
        (
            "FREQ=HOURLY;BYMINUTE=0,30;BYHOUR=9",
            ["2026-11-20 09:30", "2026-11-21 09:00", "2026-11-21 09:30"],
        ),
        (
            "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9",
            ["2026-11-20 09:30", "2026-11-20 09:50", "2026-11-21 09:10"],
        ),
        (
            "FREQ=SECONDLY;INTERVAL=1000",
            ["2026-11-20 09:30", "2026-11-20 09:46:40", "2026-11-20 10:03:20"],
        ),
        (
            "FREQ=MINUTELY;INTERVAL=45;BYDAY=MO",
            ["2026-11-23 00:30", "2026-11-23 01:15", "2026-11-23 02:00"],
        ),
    ],
)
def test_what_rules_mean(text: str, expected: list[str]) -> None:
    assert first(text) == expected


def test_a_start_on_a_day_that_not_every_month_has() -> None:
    assert first("FREQ=MONTHLY", start=datetime.fromisoformat("2027-01-31T09:00")) == [
        "2027-01-31 09:00",
        "2027-03-31 09:00",
        "2027-05-31 09:00",
    ]


def test_the_century_that_has_no_leap_year_is_known() -> None:
    found = wall_clock(
        parse_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
        datetime.fromisoformat("2096-01-01"),
        since=datetime.fromisoformat("2096-01-01"),
    )
    assert [moment.year for moment in found] == [2096, 2104]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;INTERVAL=9999;BYDAY=MO;BYMONTH=7;BYSETPOS=7",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=300,-300",
        "FREQ=YEARLY;BYDAY=MO;BYWEEKNO=1;BYSETPOS=" + ",".join(map(str, range(270, 366))),
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=10",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=23;BYMINUTE=59",
        "FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1",
        "FREQ=SECONDLY;INTERVAL=60;BYSECOND=7",
        "FREQ=SECONDLY;INTERVAL=61;BYHOUR=23;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_what_never_fires_is_found_out_soon(text: str) -> None:
    began = time.process_time()
    assert first(text) == []
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "text", ["FREQ=MINUTELY;INTERVAL=15", "FREQ=DAILY", "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31"]
)
def test_an_old_series_costs_no_more_than_a_new_one(text: str) -> None:
    began = time.process_time()
    found = wall_clock(parse_rule(text), datetime.fromisoformat("1926-11-20T09:30"), since=START)
    assert next(found) >= START
    assert time.process_time() - began < 0.5


@given(rules(frequencies=("YEARLY", "MONTHLY", "WEEKLY", "DAILY")), STARTS)
def test_days_are_those_of_dateutil(text: str, start: datetime) -> None:
    assume("BYSETPOS" not in text or "WEEKLY" not in text)  # its first week would be a part of one
    assume("BYWEEKNO" not in text or "BYDAY" in text)  # it would take every day of the week
    _compare(text, start)


@given(rules(frequencies=("HOURLY", "MINUTELY"), parts=("BYHOUR", "BYMINUTE", "BYSECOND")), STARTS)
def test_steps_within_a_day_are_those_of_dateutil(text: str, start: datetime) -> None:
    assume("BYDAY" not in text)
    _compare(text, start)


def _compare(text: str, start: datetime) -> None:
    try:
        rule = parse_rule(text)
    except RuleViolation:
        reject()
    ours = list(islice(wall_clock(rule, start, since=start), 20))
    assume(ours)
    theirs = rrule.rrulestr(text, dtstart=start)
    assert ours == list(islice(theirs, len(ours)))


@given(rules(), STARTS, st.timedeltas(timedelta(), timedelta(days=3000)))
def test_it_does_not_matter_where_one_begins_to_look(
    text: str, start: datetime, ahead: timedelta
) -> None:
    try:
        rule = parse_rule(text)
    except RuleViolation:
        reject()
    since = start + ahead
    last = since.replace(year=since.year + LOOK_AHEAD - 9, month=1, day=1)
    from_start = [
        moment
        for moment in islice(wall_clock(rule, start, since=start), 2000)
        if since <= moment < last
    ]
    from_there = list(islice(wall_clock(rule, start, since=since), len(from_start)))
    assert from_there == from_start
    assert all(one < other for one, other in pairwise(from_there))
