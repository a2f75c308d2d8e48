"""One try to publish a schedule, and what follows from the way it ended."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.ids import OrganizationId
from shared.publishing.domain.budget import Allowance
from shared.publishing.domain.outcome import (
    ACTION,
    CONFIRM,
    CREDENTIALS_EXPIRED,
    MEDIA_PROCESSING,
    RESPONSIBLE,
    TOOK_TOO_LONG,
    Deferred,
    Failure,
    Outcome,
    Pending,
    Published,
    Rejected,
    Unsettled,
)
from shared.publishing.domain.progress import Progress, gone_on, next_look
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
    `wanted_at` is when it should have left, `started_at` when it did, and `read_at` when what it
    sends was read, with the credentials it sends it with. `unsettled_since` is the start of the
    earliest attempt whose outcome nobody knows, `progress` what the one before has left at the
    network. `part` and `place` are of a thread; the root, part 0, has no place.
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
    read_at: datetime
    unsettled_since: datetime | None
    part: int = 0
    place: Place | None = None
    progress: Progress | None = None
    request_id: str | None = None

    @property
    def is_under_way(self) -> bool:
        """The network was at work on it last, and may have published it since."""
        return self.progress is not None and self.progress.is_under_way

    @property
    def is_open(self) -> bool:
        """It may be published already."""
        return self.unsettled_since is not None or self.is_under_way

    @property
    def first_tried_at(self) -> datetime:
        """When the earliest attempt began that may have published it."""
        began = [self.started_at]
        if self.unsettled_since is not None:
            began.append(self.unsettled_since)
        if self.progress is not None and self.progress.is_under_way:
            began.append(self.progress.since)
        return min(began)

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
    one of the attempts allowed. `progress` is what the next attempt goes on from.
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
    progress: Progress | None = None


def conclude(ending: Ending, *, now: datetime) -> Conclusion:
    """Decide what follows; the one place that knows.

    What comes to its end ahead of its instant ends at that.
    """
    attempt = ending.attempt
    now = max(now, attempt.started_at)
    if attempt.is_under_way and not ending.nothing_before:
        ending = replace(ending, outcome=_while_under_way(ending.outcome))
    match ending.outcome:
        case Published() | Pending():
            return _gone_well(ending, ending.outcome, now=now)
        case Deferred(failure=failure, retry_after=wish, is_spent=False):
            again = now + (wish or DELAYS[0])
            return _failed(ending, failure, Status.PENDING, "retried", now=now, again=again)
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


def _while_under_way(outcome: Outcome) -> Outcome:
    """Of whoever could not even ask: it may have been published meanwhile."""
    match outcome:
        case Deferred(failure=failure):
            return Unsettled(failure=failure, recoverable=True)
        case Rejected(failure=failure) if failure.error_class == "authentication":
            return Unsettled(failure=failure, recoverable=True)
    return outcome


def _gone_well(ending: Ending, outcome: Published | Pending, *, now: datetime) -> Conclusion:
    if isinstance(outcome, Pending):
        return _pending(ending, outcome, now=now)
    return Conclusion(
        attempt=ending.attempt,
        nothing_before=ending.nothing_before,
        schedule_status=Status.SUCCESS,
        event_status="success",
        finished_at=now,
        response_time_ms=ending.response_time_ms,
        published=outcome,
    )


def _pending(ending: Ending, pending: Pending, *, now: datetime) -> Conclusion:
    attempt = ending.attempt
    before = attempt.progress
    progress = gone_on(before, pending, now=attempt.started_at if before is None else now)
    again = next_look(progress, pending, now=now)
    if again is not None:
        return Conclusion(
            attempt=attempt,
            nothing_before=ending.nothing_before,
            schedule_status=Status.PROCESSING,
            event_status="pending",
            finished_at=now,
            looked_at_again=again,
            response_time_ms=ending.response_time_ms,
            is_spent=False,
            progress=progress,
        )
    hours = (now - progress.since) // timedelta(hours=1)
    failure = Failure(
        error_class="platform",
        code=TOOK_TOO_LONG,
        words=f"The network has not come to an end with it in {hours} hours",
    )
    if pending.is_under_way:
        return _failed(ending, failure, Status.UNKNOWN, "unknown", now=now)
    return _failed(ending, failure, Status.FAILED, "failed", now=now)


def _failed(
    ending: Ending,
    failure: Failure,
    schedule_status: Status,
    event_status: str,
    *,
    now: datetime,
    again: datetime | None = None,
) -> Conclusion:
    progress = ending.attempt.progress
    if progress is not None and schedule_status is Status.PENDING:
        progress = replace(progress, was_put_off=True)
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
        progress=None if event_status == "failed" else progress,
    )


def _waits_for(failure: Failure) -> WaitingReason | None:
    if failure.code == CREDENTIALS_EXPIRED:
        return WaitingReason.CREDENTIALS_EXPIRED
    if failure.code == MEDIA_PROCESSING:
        return WaitingReason.MEDIA_PROCESSING
    if failure.error_class in {"rate_limit", "quota"}:
        return WaitingReason.RATE_LIMIT
    return None
