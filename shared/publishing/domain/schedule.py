"""A schedule: one variant, one connection, one moment, and what has become of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.kernel.errors import Conflict, RuleViolation
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.domain.retry import ATTEMPTS
from shared.publishing.domain.settlement import NOT_PUBLISHED, NOT_PUBLISHED_WORDS, Settlement
from shared.publishing.domain.waiting import WaitingReason


class Status(StrEnum):
    PENDING = "pending"
    QUEUED = "queued"
    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    # A publisher may come back with a success after a person has said that there was none: it is
    # true whatever has become of the schedule since, unless that was cancelled.
    Status.PENDING: frozenset({Status.QUEUED, Status.CANCELLED, Status.SKIPPED, Status.SUCCESS}),
    # A lapsed lease is claimed again; by then it may be too late, or the ground may be gone, or it
    # waits for its turn.
    Status.QUEUED: frozenset(
        {
            Status.QUEUED,
            Status.PROCESSING,
            Status.PENDING,
            Status.CANCELLED,
            Status.SKIPPED,
            Status.SUCCESS,
        }
    ),
    # It stays in processing while nobody knows the outcome and somebody can still find out.
    Status.PROCESSING: frozenset(
        {Status.PROCESSING, Status.PENDING, Status.SUCCESS, Status.FAILED, Status.UNKNOWN}
    ),
    Status.UNKNOWN: frozenset({Status.SUCCESS, Status.FAILED}),
    # Pending again by a person only.
    Status.FAILED: frozenset({Status.PENDING, Status.SUCCESS}),
    Status.SKIPPED: frozenset({Status.PENDING, Status.SUCCESS}),
    Status.SUCCESS: frozenset(),
    Status.CANCELLED: frozenset(),
}

ACTIVE = frozenset({Status.PENDING, Status.QUEUED, Status.PROCESSING})
CANCELLABLE = frozenset(
    status for status, after in TRANSITIONS.items() if Status.CANCELLED in after
)
RETRIABLE = frozenset({Status.FAILED, Status.SKIPPED})
"""What goes on only because a person says so."""
RESCHEDULABLE = RETRIABLE | {Status.PENDING}

WORDS: Mapping[Status, str] = {
    Status.PENDING: "It has not been sent yet",
    Status.QUEUED: "It is about to be sent",
    Status.PROCESSING: "It is being sent at this moment",
    Status.SUCCESS: "It is published already",
    Status.FAILED: "It has failed",
    Status.UNKNOWN: "It may have been published",
    Status.CANCELLED: "It is cancelled already",
    Status.SKIPPED: "It was skipped",
}
"""What a person is told of each who asks for what cannot be."""

HORIZON = timedelta(days=90)
"""How far ahead may be scheduled, unless an operator says otherwise."""
LEASE = timedelta(seconds=120)
"""How long a claim is honoured. Longer than the publisher's timeout, so that a lease lapses only
when whoever held it is gone."""


@dataclass(kw_only=True, eq=False)
class Schedule:
    """What is to be sent where and when, and how far it has come.

    `fencing_token` counts claims: a message or an outcome that names an older one is stale.
    `started_token` is the last claim that became an attempt, so no claim becomes two.
    Instants are aware and in UTC; `timezone` is the IANA zone the author thinks in.
    `held_until` is when to look again at one that waits for `waiting_reason`.
    In a thread, `part` counts from the root, which is 0; a follow-up leaves `delay_seconds` after
    the part before it. In a series, `occurrence_at` is the moment the rule gave, whatever a person
    has made of `run_at` since.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    post_id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    channel: str
    run_at: datetime
    timezone: str
    created_at: datetime
    updated_at: datetime
    status: Status = Status.PENDING
    next_attempt_at: datetime
    lease_expires_at: datetime | None = None
    fencing_token: int = 0
    started_token: int = 0
    attempt_count: int = 0
    attempts_allowed: int = ATTEMPTS
    last_attempt_at: datetime | None = None
    error_class: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    action_required: str | None = None
    cancelled_at: datetime | None = None
    cancellation_reason: str | None = None
    deleted_at: datetime | None = None
    held_until: datetime | None = None
    waiting_reason: WaitingReason | None = None
    part: int = 0
    root_schedule_id: UUID | None = None
    delay_seconds: int = 0
    recurrence_id: UUID | None = None
    occurrence_at: datetime | None = None

    @classmethod
    def plan(
        cls,
        *,
        organization_id: OrganizationId,
        created_by: UUID,
        post_id: UUID,
        post_variant_id: UUID,
        channel_connection_id: UUID,
        channel: str,
        run_at: datetime,
        timezone: str,
        now: datetime,
        horizon: timedelta = HORIZON,
        recurrence_id: UUID | None = None,
    ) -> "Schedule":
        """A new schedule for a moment between now and the horizon, perhaps given by a series."""
        demand_schedulable(run_at, now=now, horizon=horizon)
        return cls(
            id=new_id(),
            organization_id=organization_id,
            created_by=created_by,
            post_id=post_id,
            post_variant_id=post_variant_id,
            channel_connection_id=channel_connection_id,
            channel=channel,
            run_at=run_at,
            next_attempt_at=run_at,
            timezone=timezone,
            created_at=now,
            updated_at=now,
            recurrence_id=recurrence_id,
            occurrence_at=run_at if recurrence_id else None,
        )

    def reschedule(
        self, *, run_at: datetime, timezone: str, now: datetime, horizon: timedelta = HORIZON
    ) -> None:
        """Move it; what has failed or was skipped gets a full set of attempts again."""
        self.demand_movable(run_at=run_at, now=now, horizon=horizon)
        if self._leaves_anew(run_at):
            self.attempts_allowed = self.attempt_count + ATTEMPTS
            self.run_at = self.next_attempt_at = run_at
            self.held_until = self.waiting_reason = None
        self.status = Status.PENDING
        self.timezone = timezone
        self._forget_failure()
        self.updated_at = now

    def demand_movable(self, *, run_at: datetime, now: datetime, horizon: timedelta) -> None:
        """Refuse to move what is not waiting, or to when nothing can be sent.

        Raises:
            Conflict: `SCHEDULE_CANNOT_BE_MODIFIED`.
            RuleViolation: `SCHEDULE_TIME_MUST_BE_FUTURE` or `SCHEDULE_TIME_TOO_FAR`.
        """
        if self.status not in RESCHEDULABLE:
            raise Conflict(
                "SCHEDULE_CANNOT_BE_MODIFIED",
                f"{WORDS[self.status]}, and cannot be moved",
                meta={"status": self.status},
            )
        if self._leaves_anew(run_at):
            demand_schedulable(run_at, now=now, horizon=horizon)

    def retry(self, *, now: datetime) -> None:
        """Try again at once, with a full set of attempts; `run_at` stays what was planned."""
        if self.status is Status.UNKNOWN:
            raise Conflict(
                "SCHEDULE_OUTCOME_UNKNOWN",
                f"{WORDS[self.status]}: resolve it first",
                meta={"status": self.status},
            )
        if self.status not in RETRIABLE:
            raise Conflict(
                "SCHEDULE_CANNOT_BE_RETRIED",
                f"{WORDS[self.status]}; only what has failed or was skipped is tried again",
                meta={"status": self.status},
            )
        self.status = Status.PENDING
        self.next_attempt_at = self.updated_at = now
        self.attempts_allowed = self.attempt_count + ATTEMPTS
        self._forget_failure()

    def wait_for_previous(self, *, now: datetime) -> None:
        """Stay behind the part of the thread before it, with a full set of attempts."""
        self.status, self.waiting_reason = Status.PENDING, WaitingReason.PREVIOUS_PART
        self.attempts_allowed = self.attempt_count + ATTEMPTS
        self._forget_failure()
        self.updated_at = now

    def settle(self, settlement: Settlement, *, now: datetime) -> None:
        """Take a person's word for how it ended."""
        if self.status is not Status.UNKNOWN:
            raise Conflict(
                "SCHEDULE_OUTCOME_KNOWN",
                f"{WORDS[self.status]}, and there is nothing to settle",
                meta={"status": self.status},
            )
        self._forget_failure()
        if settlement.is_published:
            self.status = Status.SUCCESS
        else:
            self.status = Status.FAILED
            self.error_class, self.error_code = "unknown", NOT_PUBLISHED
            self.error_message = NOT_PUBLISHED_WORDS
        self.updated_at = now

    def cancel(self, *, reason: str | None, now: datetime) -> None:
        """Win the race against sending, or be refused."""
        if self.status not in CANCELLABLE:
            words, meta = WORDS[self.status], {"status": self.status}
            if self.status is Status.CANCELLED:
                raise Conflict("SCHEDULE_ALREADY_CANCELLED", words, meta=meta)
            raise Conflict(
                "SCHEDULE_CANNOT_BE_CANCELLED", f"{words}, and cannot be cancelled", meta=meta
            )
        self.status = Status.CANCELLED
        self.lease_expires_at = self.held_until = self.waiting_reason = None
        self.cancelled_at = self.updated_at = now
        self.cancellation_reason = reason

    def delete(self, *, now: datetime) -> None:
        """Take it off every list; whatever could still be sent is cancelled first."""
        if self.status is Status.PROCESSING:
            raise Conflict("SCHEDULE_CANNOT_BE_CANCELLED", WORDS[self.status])
        if self.status in CANCELLABLE:
            self.cancel(reason="deleted", now=now)
        self.deleted_at = self.updated_at = now

    @property
    def planned_at(self) -> datetime | None:
        """When it is looked at next, if it waits and somebody knows until when.

        That is also when the network is asked again for what may have been sent.
        """
        if self.status is Status.PROCESSING and self.error_class is not None:
            return self.lease_expires_at
        if self.status is not Status.PENDING or self.waiting_reason is WaitingReason.PREVIOUS_PART:
            return None
        return self.held_until or self.next_attempt_at

    def _leaves_anew(self, run_at: datetime) -> bool:
        return run_at != self.run_at or self.status in RETRIABLE

    def _forget_failure(self) -> None:
        self.error_class = self.error_code = self.error_message = self.action_required = None


def demand_schedulable(run_at: datetime, *, now: datetime, horizon: timedelta) -> None:
    """Refuse a moment that is past or beyond the horizon.

    Raises:
        RuleViolation: `SCHEDULE_TIME_MUST_BE_FUTURE` or `SCHEDULE_TIME_TOO_FAR`.
    """
    if run_at <= now:
        raise RuleViolation(
            "SCHEDULE_TIME_MUST_BE_FUTURE", "run_at must be in the future", field="run_at"
        )
    if run_at > now + horizon:
        raise RuleViolation(
            "SCHEDULE_TIME_TOO_FAR",
            f"run_at must be within {horizon.days} days",
            field="run_at",
            meta={"latest": f"{now + horizon:%Y-%m-%dT%H:%M:%SZ}"},
        )
