from datetime import UTC, datetime, time
from itertools import islice, pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId
from shared.publishing.domain.local_time import to_local
from shared.publishing.domain.slot import Slot, WeeklyTime, openings

SUNDAY = 6


def slot(weekday: int, at: str, timezone: str) -> Slot:
    return Slot.new(
        organization_id=OrganizationId(uuid4()),
        created_by=uuid4(),
        channel_connection_id=uuid4(),
        when=WeeklyTime(weekday=weekday, local_time=time.fromisoformat(at), timezone=timezone),
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("timezone", "at", "after", "expected"),
    [
        ("Europe/Berlin", "09:00", "2027-03-15", ["21 08:00", "28 07:00", "04 07:00"]),
        ("Europe/Berlin", "02:30", "2027-03-15", ["21 01:30", "28 01:30", "04 00:30"]),
        ("Europe/Berlin", "02:30", "2027-10-18", ["24 00:30", "31 00:30", "07 01:30"]),
        ("America/New_York", "02:30", "2027-03-01", ["07 07:30", "14 07:30", "21 06:30"]),
        ("America/New_York", "01:30", "2027-11-01", ["07 05:30", "14 06:30", "21 06:30"]),
        ("Australia/Lord_Howe", "02:15", "2026-09-21", ["26 15:45", "03 15:45", "10 15:15"]),
        ("Australia/Lord_Howe", "01:45", "2027-03-22", ["27 14:45", "03 14:45", "10 15:15"]),
        ("Africa/Cairo", "09:00", "2027-04-20", ["25 07:00", "02 06:00", "09 06:00"]),
    ],
)
def test_a_slot_stays_on_its_clock_and_comes_once_a_week(
    timezone: str, at: str, after: str, expected: list[str]
) -> None:
    start = datetime.fromisoformat(after).replace(tzinfo=UTC)
    found = islice(openings([slot(SUNDAY, at, timezone)], after=start), 3)
    assert [f"{each.at:%d %H:%M}" for each in found] == expected


def test_slots_of_several_zones_come_in_the_order_of_their_instants() -> None:
    slots = [
        slot(0, "09:00", "Europe/Berlin"),
        slot(0, "09:00", "Asia/Tokyo"),
        slot(2, "00:00", "UTC"),
    ]
    found = islice(openings(slots, after=datetime(2027, 1, 1, tzinfo=UTC)), 4)
    assert [f"{each.at:%d %H:%M}" for each in found] == [
        "04 00:00",
        "04 08:00",
        "06 00:00",
        "11 00:00",
    ]


def test_two_slots_at_one_instant_are_one() -> None:
    slots = [slot(0, "09:00", "UTC"), slot(0, "10:00", "Africa/Lagos")]
    found = islice(openings(slots, after=datetime(2027, 1, 1, tzinfo=UTC)), 2)
    assert [each.at.day for each in found] == [4, 11]


def test_a_slot_that_is_now_is_over() -> None:
    found = openings([slot(0, "09:00", "UTC")], after=datetime(2027, 1, 4, 9, tzinfo=UTC))
    assert next(found).at == datetime(2027, 1, 11, 9, tzinfo=UTC)


def test_no_slots_no_openings() -> None:
    assert list(openings([], after=datetime(2027, 1, 1, tzinfo=UTC))) == []


def test_a_zone_must_be_one() -> None:
    with pytest.raises(RuleViolation):
        slot(0, "09:00", "Mars/Olympus")


@given(
    st.lists(
        st.tuples(
            st.integers(0, 6),
            st.times().map(lambda at: at.replace(second=0, microsecond=0)),
            st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]),
        ),
        min_size=1,
        max_size=5,
    ),
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2028-01-01")),
)
def test_openings_rise_and_stay_on_their_days(
    times: list[tuple[int, time, str]], after: datetime
) -> None:
    slots = [slot(weekday, at.isoformat(), timezone) for weekday, at, timezone in times]
    start = after.replace(tzinfo=UTC)
    found = list(islice(openings(slots, after=start), 60))
    assert found[0].at > start
    assert all(one.at < other.at for one, other in pairwise(found))
    for each in found:
        assert to_local(each.at, each.slot.timezone).weekday() == each.slot.weekday
