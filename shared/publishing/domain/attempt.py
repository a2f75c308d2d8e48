"""One try to publish a schedule, and what follows from the way it ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.publishing.domain.outcome import (
    ACTION,
    CONFIRM,
    RESPONSIBLE,
    Deferred,
    Failure,
    Outcome,
    Published,
    Rejected,
    Unsettled,
)
from shared.publishing.domain.retry import ATTEMPTS, delay_after
from shared.publishing.domain.schedule import Status


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A schedule handed over to the publisher; the token tells this hand-over from all others."""

    schedule_id: UUID
    fencing_token: int


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A claim that has been started: its row is in the ledger before anything leaves.

    `number` counts all attempts of the schedule, `allowed` is the number it may reach.
    `unsettled_since` is the start of the earliest attempt whose outcome nobody knows.
    """

    schedule_id: UUID
    fencing_token: int
    number: int
    allowed: int
    post_id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    channel: str
    started_at: datetime
    unsettled_since: datetime | None

    @property
    def key(self) -> str:
        """The idempotency key: the same on every attempt, so a network can know a repeat."""
        return str(self.schedule_id)

    @property
    def made_in_this_run(self) -> int:
        """Attempts since it was last scheduled by a person."""
        return self.number - (self.allowed - ATTEMPTS)

    @property
    def is_last(self) -> bool:
        return self.number >= self.allowed

    @property
    def is_one_too_many(self) -> bool:
        """All that were allowed ended without a word: whoever makes them does not survive it."""
        return self.number > self.allowed


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What the ledger and the schedule say after an attempt.

    `looked_at_again` is the instant of the next look: the next attempt of a pending schedule, the
    end of the lease of one that stays in processing, nothing for all others.
    """

    attempt: Attempt
    schedule_status: Status
    event_status: str
    finished_at: datetime
    looked_at_again: datetime | None = None
    published: Published | None = None
    failure: Failure | None = None
    responsible: str | None = None
    action_required: str | None = None


def conclude(attempt: Attempt, outcome: Outcome, *, now: datetime) -> Conclusion:
    """Decide what follows; the one place that knows."""
    match outcome:
        case Published():
            return Conclusion(
                attempt=attempt,
                schedule_status=Status.SUCCESS,
                event_status="success",
                finished_at=now,
                published=outcome,
            )
        case Deferred(failure=failure) if not attempt.is_last:
            wait = delay_after(attempt.made_in_this_run, outcome.retry_after)
            return _failed(
                attempt, failure, Status.PENDING, "retried", now=now, looked_at_again=now + wait
            )
        case Deferred(failure=failure) | Rejected(failure=failure):
            return _failed(attempt, failure, Status.FAILED, "failed", now=now)
        case Unsettled(failure=failure) if outcome.recoverable and not attempt.is_last:
            wait = delay_after(attempt.made_in_this_run)
            return _failed(
                attempt, failure, Status.PROCESSING, "unknown", now=now, looked_at_again=now + wait
            )
        case Unsettled(failure=failure):
            return _failed(attempt, failure, Status.UNKNOWN, "unknown", now=now)


def _failed(
    attempt: Attempt,
    failure: Failure,
    schedule_status: Status,
    event_status: str,
    *,
    now: datetime,
    looked_at_again: datetime | None = None,
) -> Conclusion:
    unknown = schedule_status is Status.UNKNOWN
    return Conclusion(
        attempt=attempt,
        schedule_status=schedule_status,
        event_status=event_status,
        finished_at=now,
        looked_at_again=looked_at_again,
        failure=failure,
        responsible="user" if unknown else RESPONSIBLE[failure.error_class],
        action_required=CONFIRM if unknown else ACTION.get(failure.error_class),
    )
