"""Moving by some time, and only what one has seen."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.kernel.ids import OrganizationId
from shared.publishing.domain.local_time import shifted
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.version import version_of

NOBODY = UUID(int=0)
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
_DAY = 24 * 60


@pytest.mark.parametrize(
    ("instant", "timezone", "minutes", "expected"),
    [
        ("2027-03-01T12:00Z", "UTC", 90, "2027-03-01T13:30Z"),
        ("2027-03-01T12:00Z", "UTC", -90, "2027-03-01T10:30Z"),
        # Nine in Berlin stays nine, though the day has 23 hours.
        ("2027-03-27T08:00Z", "Europe/Berlin", _DAY, "2027-03-28T07:00Z"),
        ("2027-03-28T07:00Z", "Europe/Berlin", -_DAY, "2027-03-27T08:00Z"),
        # An hour is an hour.
        ("2027-03-28T00:30Z", "Europe/Berlin", 60, "2027-03-28T01:30Z"),
        ("2027-03-27T08:00Z", "Europe/Berlin", _DAY + 60, "2027-03-28T08:00Z"),
        # Half past two is skipped.
        ("2027-03-27T01:30Z", "Europe/Berlin", _DAY, "2027-03-28T01:30Z"),
        # Half past two for the second time, and ten minutes earlier.
        ("2027-10-31T01:30Z", "Europe/Berlin", -10, "2027-10-31T01:20Z"),
        ("2027-03-27T08:00Z", "Europe/Berlin", 7 * _DAY, "2027-04-03T07:00Z"),
    ],
)
def test_days_go_by_the_clock_and_minutes_by_themselves(
    instant: str, timezone: str, minutes: int, expected: str
) -> None:
    found = shifted(datetime.fromisoformat(instant), timezone, minutes)
    assert found == datetime.fromisoformat(expected)


def schedule() -> Schedule:
    return Schedule.plan(
        organization_id=OrganizationId(NOBODY),
        created_by=NOBODY,
        post_id=NOBODY,
        post_variant_id=NOBODY,
        channel_connection_id=NOBODY,
        channel="mastodon",
        run_at=NOON + timedelta(hours=1),
        timezone="UTC",
        now=NOON,
    )


def test_a_version_differs_after_each_change() -> None:
    planned = schedule()
    seen = version_of(planned.updated_at)
    planned.updated_at += timedelta(microseconds=1)
    assert version_of(planned.updated_at) != seen
