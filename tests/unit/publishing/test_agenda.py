from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.kernel.ids import OrganizationId
from shared.publishing.domain.agenda import AHEAD, MOST, agenda
from shared.publishing.domain.recurrence import Recurrence
from shared.publishing.domain.schedule import HORIZON

START = datetime.fromisoformat("2026-11-20T09:00")
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
START = datetime.fromisoformat("2026-11-20T09:00")


def series(rule: str, starts_at: datetime = START) -> Recurrence:
    return Recurrence.new(
        organization_id=OrganizationId(uuid4()),
        created_by=uuid4(),
        post_id=uuid4(),
        post_variant_id=uuid4(),
        channel_connection_id=uuid4(),
        rule=rule,
        timezone="UTC",
        starts_at=starts_at,
        now=NOW,
    )


def days(*numbers: int) -> list[datetime]:
    return [datetime(2026, 11, 20, 9, tzinfo=UTC) + timedelta(days=day) for day in numbers]


def test_fourteen_days_are_planned() -> None:
    wanted = agenda(series("FREQ=DAILY"), {}, now=NOW, horizon=HORIZON)
    assert wanted.missing == days(*range(14))
    assert wanted.planned_until == NOW + AHEAD


def test_no_more_than_fifty() -> None:
    wanted = agenda(series("FREQ=HOURLY"), {}, now=NOW, horizon=HORIZON)
    assert len(wanted.missing) == MOST
    assert wanted.planned_until == wanted.missing[-1]


def test_what_comes_later_is_planned_one_ahead() -> None:
    wanted = agenda(series("FREQ=DAILY;INTERVAL=30"), {days(0)[0]: False}, now=NOW, horizon=HORIZON)
    assert wanted.missing == days(30)
    assert wanted.planned_until == NOW + AHEAD


def test_nothing_is_planned_beyond_the_horizon() -> None:
    late = series("FREQ=YEARLY", datetime.fromisoformat("2027-03-01T09:00"))
    assert agenda(late, {}, now=NOW, horizon=HORIZON).missing == []
    soon = agenda(series("FREQ=DAILY"), {}, now=NOW, horizon=timedelta(days=3))
    assert soon.missing == days(0, 1, 2)
    assert soon.planned_until == NOW + timedelta(days=3)


def test_what_was_taken_out_stays_out_and_another_comes_in_its_place() -> None:
    known = {days(0)[0]: False, days(7)[0]: False}
    wanted = agenda(series("FREQ=WEEKLY"), known, now=NOW, horizon=HORIZON)
    assert wanted.missing == days(14)


def test_what_is_there_is_not_planned_again() -> None:
    known = dict.fromkeys(days(*range(13)), True)
    assert agenda(series("FREQ=DAILY"), known, now=NOW, horizon=HORIZON).missing == days(13)


def test_after_an_outage_only_what_comes_is_planned() -> None:
    long_ago = series("FREQ=WEEKLY", datetime.fromisoformat("2026-01-02T09:00"))
    assert agenda(long_ago, {}, now=NOW, horizon=HORIZON).missing == days(0, 7)


@pytest.mark.parametrize("rule", ["FREQ=DAILY;COUNT=3", "FREQ=DAILY;UNTIL=20261122"])
def test_a_series_that_runs_out(rule: str) -> None:
    before = agenda(series(rule), {}, now=NOW, horizon=HORIZON)
    assert before.missing == days(0, 1, 2)
    assert before.planned_until == days(2)[0]
    after = agenda(series(rule), {}, now=NOW + timedelta(days=3), horizon=HORIZON)
    assert (after.missing, after.planned_until) == ([], None)
