"""One try to publish a schedule, and what follows from the way it ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.ids import OrganizationId
from shared.publishing.domain.budget import Allowance
from shared.publishing.domain.outcome import (
    ACTION,
    CONFIRM,
    CREDENTIALS_EXPIRED,
    RESPONSIBLE,
    Deferred,
    Failure,
    Outcome,
    Published,
    Rejected,
    Unsettled,
)
from shared.publishing.domain.retry import ATTEMPTS, DELAYS, delay_after
from shared.publishing.domain.schedule import Status
from shared.publishing.domain.waiting import WaitingReason


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A schedule handed over to the publisher; the token tells this hand-over from all others."""

    schedule_id: UUID
    fencing_token: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in a thread: the network's ids of its root and of the part before."""

    root_id: str
    parent_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A claim that has been started: its row is in the ledger before anything leaves.

    `number` counts all attempts of the schedule, `allowed` is the number that may send.
    `wanted_at` is when it should have left. `unsettled_since` is the start of the earliest attempt
    whose outcome nobody knows. `part` and `place` are of a thread; the root, part 0, has no place.
    """

    schedule_id: UUID
    organization_id: OrganizationId
    fencing_token: int
    number: int
    allowed: int
    post_id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    channel: str
    created_by: UUID
    wanted_at: datetime
    started_at: datetime
    unsettled_since: datetime | None
    part: int = 0
    place: Place | None = None
    request_id: str | None = None

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
    def only_looks(self) -> bool:
        """All that might send are used up, and nobody knows how the last of them ended."""
        return self.number > self.allowed

    @property
    def is_hopeless(self) -> bool:
        """Even the one that only looks ended without a word."""
        return self.number > self.allowed + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How an attempt ended. `nothing_before`: the network has none of the earlier ones.

    `took` is how long the network was waited for, `allowance` its word on how many more it takes.
    """

    attempt: Attempt
    outcome: Outcome
    nothing_before: bool = False
    took: timedelta | None = None
    allowance: Allowance | None = None

    @property
    def response_time_ms(self) -> int | None:
        return None if self.took is None else round(self.took / timedelta(milliseconds=1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """What the ledger and the schedule say after an attempt.

    `looked_at_again` is the instant of the next look: the next attempt of a pending schedule, the
    end of the lease of one that stays in processing, nothing for all others. `waiting_reason` is
    why a pending one waits until then, where it is not just our own pause. `is_spent`: it counts as
    one of the attempts allowed.
    """

    attempt: Attempt
    nothing_before: bool
    schedule_status: Status
    event_status: str
    finished_at: datetime
    looked_at_again: datetime | None = None
    waiting_reason: WaitingReason | None = None
    response_time_ms: int | None = None
    published: Published | None = None
    failure: Failure | None = None
    responsible: str | None = None
    action_required: str | None = None
    retry_allowed: bool | None = None
    is_spent: bool = True


def conclude(ending: Ending, *, now: datetime) -> Conclusion:
    """Decide what follows; the one place that knows."""
    attempt = ending.attempt
    match ending.outcome:
        case Published() as published:
            return Conclusion(
                attempt=attempt,
                nothing_before=ending.nothing_before,
                schedule_status=Status.SUCCESS,
                event_status="success",
                finished_at=now,
                response_time_ms=ending.response_time_ms,
                published=published,
            )
        case Deferred(failure=failure, is_spent=False):
            return _failed(
                ending, failure, Status.PENDING, "retried", now=now, again=now + DELAYS[0]
            )
        case Deferred(failure=failure, retry_after=wish) if not attempt.is_last:
            again = now + delay_after(attempt.made_in_this_run, wish)
            return _failed(ending, failure, Status.PENDING, "retried", now=now, again=again)
        case Deferred(failure=failure) | Rejected(failure=failure):
            return _failed(ending, failure, Status.FAILED, "failed", now=now)
        case Unsettled(failure=failure, recoverable=True) if not attempt.only_looks:
            again = now + delay_after(attempt.made_in_this_run)
            return _failed(ending, failure, Status.PROCESSING, "unknown", now=now, again=again)
        case Unsettled(failure=failure):
            return _failed(ending, failure, Status.UNKNOWN, "unknown", now=now)


def _failed(
    ending: Ending,
    failure: Failure,
    schedule_status: Status,
    event_status: str,
    *,
    now: datetime,
    again: datetime | None = None,
) -> Conclusion:
    responsible, action = RESPONSIBLE[failure.error_class], ACTION.get(failure.error_class)
    if schedule_status is Status.UNKNOWN:
        responsible, action = "user", CONFIRM
    elif failure.code == CREDENTIALS_EXPIRED:
        responsible, action = "system", None
    return Conclusion(
        attempt=ending.attempt,
        nothing_before=ending.nothing_before,
        schedule_status=schedule_status,
        event_status=event_status,
        finished_at=now,
        response_time_ms=ending.response_time_ms,
        looked_at_again=again,
        waiting_reason=_waits_for(failure) if schedule_status is Status.PENDING else None,
        failure=failure,
        responsible=responsible,
        action_required=action,
        retry_allowed=isinstance(ending.outcome, Deferred) or again is not None,
        is_spent=not isinstance(ending.outcome, Deferred) or ending.outcome.is_spent,
    )


def _waits_for(failure: Failure) -> WaitingReason | None:
    if failure.code == CREDENTIALS_EXPIRED:
        return WaitingReason.CREDENTIALS_EXPIRED
    if failure.error_class in {"rate_limit", "quota"}:
        return WaitingReason.RATE_LIMIT
    return None
