"""What a person may say of an end that nobody knows, and when they may have it tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.domain.retry import ATTEMPTS
from shared.publishing.domain.schedule import TRANSITIONS, Schedule, Status
from shared.publishing.domain.settlement import Settlement
from shared.publishing.domain.waiting import WaitingReason

PLANNED = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
NOW = PLANNED + timedelta(hours=3)
PUBLISHED = Settlement(by=new_id(), url="https://example.org/1")
NOT_PUBLISHED = Settlement(by=new_id(), url=None)


def schedule(status: Status) -> Schedule:
    """One that has used all its attempts."""
    planned = Schedule.plan(
        organization_id=OrganizationId(new_id()),
        created_by=new_id(),
        post_id=new_id(),
        post_variant_id=new_id(),
        channel_connection_id=new_id(),
        channel="mastodon",
        run_at=PLANNED,
        timezone="UTC",
        now=PLANNED - timedelta(days=1),
    )
    planned.status = status
    planned.attempt_count = ATTEMPTS
    planned.error_class, planned.error_code, planned.error_message = "network", "GONE", "silence"
    planned.action_required = "confirm"
    return planned


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(
    ("settlement", "after"), [(PUBLISHED, Status.SUCCESS), (NOT_PUBLISHED, Status.FAILED)]
)
def test_only_what_is_unknown_is_settled(
    status: Status, settlement: Settlement, after: Status
) -> None:
    unsettled = schedule(status)
    if status is Status.UNKNOWN:
        assert after in TRANSITIONS[status]
        unsettled.settle(settlement, now=NOW)
        assert (unsettled.status, unsettled.updated_at) == (after, NOW)
        assert unsettled.action_required is None
    else:
        with pytest.raises(Conflict) as caught:
            unsettled.settle(settlement, now=NOW)
        assert caught.value.code == "SCHEDULE_OUTCOME_KNOWN"
        assert (unsettled.status, unsettled.error_code) == (status, "GONE")


def test_a_schedule_says_why_it_failed_only_if_it_did() -> None:
    published, lost = schedule(Status.UNKNOWN), schedule(Status.UNKNOWN)
    published.settle(PUBLISHED, now=NOW)
    lost.settle(NOT_PUBLISHED, now=NOW)
    assert (published.error_class, published.error_code, published.error_message) == (None,) * 3
    assert (lost.error_class, lost.error_code) == ("unknown", "NOT_PUBLISHED")


@pytest.mark.parametrize("status", Status)
def test_only_what_has_failed_or_was_skipped_is_tried_again(status: Status) -> None:
    failed = schedule(status)
    if status in {Status.FAILED, Status.SKIPPED}:
        assert Status.PENDING in TRANSITIONS[status]
        failed.retry(now=NOW)
        assert (failed.status, failed.next_attempt_at, failed.run_at) == ("pending", NOW, PLANNED)
        assert failed.attempts_allowed - failed.attempt_count == ATTEMPTS
        assert (failed.error_code, failed.action_required) == (None, None)
    else:
        unknown = status is Status.UNKNOWN
        code = "SCHEDULE_OUTCOME_UNKNOWN" if unknown else "SCHEDULE_CANNOT_BE_RETRIED"
        with pytest.raises(Conflict) as caught:
            failed.retry(now=NOW)
        assert caught.value.code == code
        assert (failed.status, failed.next_attempt_at) == (status, PLANNED)


@pytest.mark.parametrize("status", Status)
def test_only_what_waits_has_a_plan(status: Status) -> None:
    waiting = schedule(status)
    assert waiting.planned_at == (PLANNED if status is Status.PENDING else None)


def test_what_may_have_been_sent_is_looked_for_when_its_lease_ends() -> None:
    unsettled, first = schedule(Status.PROCESSING), schedule(Status.PROCESSING)
    unsettled.lease_expires_at = first.lease_expires_at = NOW
    first.error_class = None
    assert (unsettled.planned_at, first.planned_at) == (NOW, None)


@pytest.mark.parametrize(
    ("reason", "held_until", "planned_at"),
    [
        (WaitingReason.RATE_LIMIT, NOW, NOW),
        (WaitingReason.CONNECTION_ERROR, NOW, NOW),
        (WaitingReason.PREVIOUS_PART, None, None),
        (None, None, PLANNED),
    ],
)
def test_what_is_held_is_planned_for_then(
    reason: WaitingReason | None, held_until: datetime | None, planned_at: datetime | None
) -> None:
    held = schedule(Status.PENDING)
    held.waiting_reason, held.held_until = reason, held_until
    assert held.planned_at == planned_at
