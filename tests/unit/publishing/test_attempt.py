"""What follows from the way an attempt ended."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.channels.api.delivery import ErrorClass
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.domain.attempt import Attempt, Ending, conclude
from shared.publishing.domain.outcome import (
    ACTION,
    RESPONSIBLE,
    TRANSIENT,
    Deferred,
    Failure,
    Outcome,
    Published,
    Rejected,
    Unsettled,
)
from shared.publishing.domain.schedule import TRANSITIONS, Status

NOW = datetime(2027, 1, 1, tzinfo=UTC)
BUSY = Failure(error_class="rate_limit", code="TOO_MANY", words="slow down")
EXPIRED = Failure(error_class="authentication", code="TOKEN", words="expired")
SILENT = Failure(error_class="network", code="NO_ANSWER", words="")
PUBLISHED = Published(external_id="1", url="https://example.org/1")


def attempt(number: int = 1, allowed: int = 5) -> Attempt:
    return Attempt(
        schedule_id=new_id(),
        organization_id=OrganizationId(new_id()),
        fencing_token=number,
        number=number,
        allowed=allowed,
        post_id=new_id(),
        post_variant_id=new_id(),
        channel_connection_id=new_id(),
        channel="mastodon",
        created_by=new_id(),
        wanted_at=NOW,
        started_at=NOW,
        read_at=NOW,
        unsettled_since=None,
    )


@pytest.mark.parametrize(
    ("number", "outcome", "status", "event", "minutes"),
    [
        (1, PUBLISHED, Status.SUCCESS, "success", None),
        (1, Deferred(failure=BUSY), Status.PENDING, "retried", 1),
        (2, Deferred(failure=BUSY), Status.PENDING, "retried", 5),
        (3, Deferred(failure=BUSY), Status.PENDING, "retried", 15),
        (4, Deferred(failure=BUSY), Status.PENDING, "retried", 60),
        (5, Deferred(failure=BUSY), Status.FAILED, "failed", None),
        (1, Deferred(failure=BUSY, retry_after=timedelta(hours=3)), Status.PENDING, "retried", 180),
        (1, Deferred(failure=BUSY, retry_after=timedelta(seconds=1)), Status.PENDING, "retried", 1),
        (1, Rejected(failure=EXPIRED), Status.FAILED, "failed", None),
        (1, Unsettled(failure=SILENT, recoverable=True), Status.PROCESSING, "unknown", 1),
        (5, Unsettled(failure=SILENT, recoverable=True), Status.PROCESSING, "unknown", 60),
        (6, Unsettled(failure=SILENT, recoverable=True), Status.UNKNOWN, "unknown", None),
        (1, Deferred(failure=BUSY, retry_after=timedelta(days=9)), Status.PENDING, "retried", 1440),
        (1, Unsettled(failure=SILENT, recoverable=False), Status.UNKNOWN, "unknown", None),
    ],
)
def test_conclusion(
    number: int, outcome: Outcome, status: Status, event: str, minutes: int | None
) -> None:
    conclusion = conclude(Ending(attempt=attempt(number), outcome=outcome), now=NOW)
    again = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert (conclusion.schedule_status, conclusion.event_status) == (status, event)
    assert conclusion.looked_at_again == again
    assert status in TRANSITIONS[Status.PROCESSING]


def test_rescheduling_gives_a_full_set_of_attempts_again() -> None:
    seventh = attempt(number=7, allowed=10)
    conclusion = conclude(Ending(attempt=seventh, outcome=Deferred(failure=BUSY)), now=NOW)
    assert conclusion.looked_at_again == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("failure", "responsible", "action"),
    [(EXPIRED, "user", "reconnect"), (BUSY, "system", None), (SILENT, "platform", None)],
)
def test_who_must_act(failure: Failure, responsible: str, action: str | None) -> None:
    conclusion = conclude(Ending(attempt=attempt(), outcome=Rejected(failure=failure)), now=NOW)
    assert (conclusion.responsible, conclusion.action_required) == (responsible, action)


def test_a_person_must_confirm_what_nobody_can_find_out() -> None:
    outcome = Unsettled(failure=SILENT, recoverable=False)
    conclusion = conclude(Ending(attempt=attempt(), outcome=outcome), now=NOW)
    assert (conclusion.responsible, conclusion.action_required) == ("user", "confirm")


def test_every_class_of_error_has_somebody_responsible() -> None:
    assert set(RESPONSIBLE) == set(ErrorClass) == TRANSIENT | set(ACTION)
