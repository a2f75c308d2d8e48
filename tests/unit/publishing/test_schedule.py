"""The states of a schedule, and what a person may do in each."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.errors import Conflict, RuleViolation
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.domain.schedule import (
    CANCELLABLE,
    HORIZON,
    TRANSITIONS,
    WORDS,
    Schedule,
    Status,
)

NOW = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)


def schedule(status: Status = Status.PENDING, run_at: datetime = SOON) -> Schedule:
    planned = Schedule.plan(
        organization_id=OrganizationId(new_id()),
        created_by=new_id(),
        post_id=new_id(),
        post_variant_id=new_id(),
        channel_connection_id=new_id(),
        channel="mastodon",
        run_at=run_at,
        timezone="UTC",
        now=NOW,
    )
    planned.status = status
    return planned


@pytest.mark.parametrize(
    ("run_at", "code"),
    [
        (NOW, "SCHEDULE_TIME_MUST_BE_FUTURE"),
        (NOW - timedelta(days=1), "SCHEDULE_TIME_MUST_BE_FUTURE"),
        (NOW + HORIZON + timedelta(seconds=1), "SCHEDULE_TIME_TOO_FAR"),
    ],
)
def test_a_moment_outside_the_horizon_is_refused(run_at: datetime, code: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        schedule(run_at=run_at)
    assert caught.value.code == code


def test_the_last_moment_of_the_horizon_is_accepted() -> None:
    assert schedule(run_at=NOW + HORIZON).status is Status.PENDING


@pytest.mark.parametrize("status", Status)
def test_cancelling_follows_the_table(status: Status) -> None:
    planned = schedule(status)
    if Status.CANCELLED in TRANSITIONS[status]:
        planned.cancel(reason="changed my mind", now=NOW)
        assert planned.status is Status.CANCELLED
        assert planned.cancellation_reason == "changed my mind"
    else:
        with pytest.raises(Conflict) as caught:
            planned.cancel(reason=None, now=NOW)
        assert caught.value.description.startswith(WORDS[status])
        assert planned.status is status


@pytest.mark.parametrize("status", Status)
def test_only_what_is_pending_failed_or_skipped_moves(status: Status) -> None:
    planned = schedule(status)
    later = SOON + timedelta(days=1)
    if status in {Status.PENDING, Status.FAILED, Status.SKIPPED}:
        planned.reschedule(run_at=later, timezone="Asia/Tokyo", now=NOW)
        assert (planned.status, planned.run_at) == (Status.PENDING, later)
        assert planned.next_attempt_at == later
    else:
        with pytest.raises(Conflict) as caught:
            planned.reschedule(run_at=later, timezone="UTC", now=NOW)
        assert caught.value.code == "SCHEDULE_CANNOT_BE_MODIFIED"


@pytest.mark.parametrize("status", [Status.FAILED, Status.SKIPPED])
def test_what_goes_on_gets_its_attempts_back(status: Status) -> None:
    planned = schedule(status)
    planned.attempt_count = planned.attempts_allowed
    planned.error_code = "TOO_MANY"
    planned.reschedule(run_at=SOON, timezone="UTC", now=NOW)
    assert planned.attempts_allowed - planned.attempt_count == 5
    assert planned.error_code is None


def test_what_is_being_sent_cannot_be_deleted() -> None:
    with pytest.raises(Conflict):
        schedule(Status.PROCESSING).delete(now=NOW)


def test_the_table_names_every_status_and_no_end_leads_on() -> None:
    assert set(TRANSITIONS) == set(Status)
    ends = {Status.SUCCESS, Status.CANCELLED}
    assert {status for status, after in TRANSITIONS.items() if not after} == ends
    assert {Status.PENDING, Status.QUEUED} == CANCELLABLE
