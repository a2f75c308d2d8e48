"""A schedule: one variant, one connection, one moment, and what has become of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.kernel.errors import Conflict, RuleViolation
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.domain.retry import ATTEMPTS
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
    Status.PENDING: frozenset({Status.QUEUED, Status.CANCELLED, Status.SKIPPED}),
    # A lapsed lease is claimed again; by then it may be too late, or the ground may be gone.
    Status.QUEUED: frozenset({Status.QUEUED, Status.PROCESSING, Status.CANCELLED, Status.SKIPPED}),
    # It stays in processing while nobody knows the outcome and somebody can still find out.
    Status.PROCESSING: frozenset(
        {Status.PROCESSING, Status.PENDING, Status.SUCCESS, Status.FAILED, Status.UNKNOWN}
    ),
    Status.UNKNOWN: frozenset({Status.SUCCESS, Status.FAILED}),
    Status.FAILED: frozenset({Status.PENDING}),  # only a person does this, by rescheduling
    Status.SUCCESS: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.SKIPPED: frozenset(),
}

ACTIVE = frozenset({Status.PENDING, Status.QUEUED, Status.PROCESSING})
CANCELLABLE = frozenset(
    status for status, after in TRANSITIONS.items() if Status.CANCELLED in after
)
RESCHEDULABLE = frozenset({Status.PENDING, Status.FAILED})

HORIZON = timedelta(days=90)
"""How far ahead may be scheduled, unless an operator says otherwise."""
LATENESS = timedelta(minutes=60)
"""A schedule that could not be attempted for this long is skipped, not sent as a surprise."""

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
    ) -> "Schedule":
        """A new schedule for a moment between now and the horizon."""
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
        )

    def reschedule(
        self, *, run_at: datetime, timezone: str, now: datetime, horizon: timedelta = HORIZON
    ) -> None:
        """Move it; what has failed gets a full set of attempts again."""
        if self.status not in RESCHEDULABLE:
            raise Conflict(
                "SCHEDULE_CANNOT_BE_MODIFIED",
                f"A schedule that is {self.status} cannot be changed any more",
                meta={"status": self.status},
            )
        if run_at != self.run_at or self.status is Status.FAILED:
            demand_schedulable(run_at, now=now, horizon=horizon)
            self.attempts_allowed = self.attempt_count + ATTEMPTS
            self.run_at = self.next_attempt_at = run_at
            self.held_until = self.waiting_reason = None
        self.status = Status.PENDING
        self.timezone = timezone
        self.error_class = self.error_code = self.error_message = self.action_required = None
        self.updated_at = now

    def cancel(self, *, reason: str | None, now: datetime) -> None:
        """Win the race against sending, or be refused."""
        if self.status not in CANCELLABLE:
            code = (
                "SCHEDULE_ALREADY_CANCELLED"
                if self.status is Status.CANCELLED
                else "SCHEDULE_CANNOT_BE_CANCELLED"
            )
            raise Conflict(
                code,
                f"A schedule that is {self.status} cannot be cancelled",
                meta={"status": self.status},
            )
        self.status = Status.CANCELLED
        self.lease_expires_at = self.held_until = self.waiting_reason = None
        self.cancelled_at = self.updated_at = now
        self.cancellation_reason = reason

    def delete(self, *, now: datetime) -> None:
        """Take it off every list; whatever could still be sent is cancelled first."""
        if self.status is Status.PROCESSING:
            raise Conflict("SCHEDULE_CANNOT_BE_CANCELLED", "It is being sent at this moment")
        if self.status in CANCELLABLE:
            self.cancel(reason="deleted", now=now)
        self.deleted_at = self.updated_at = now


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
