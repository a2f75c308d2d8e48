"""What happens to schedules, told to whoever wants to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from shared.kernel.ids import OrganizationId
from shared.publishing.domain.schedule import Schedule


class Happening(StrEnum):
    CREATED = "SCHEDULE_CREATED"
    UPDATED = "SCHEDULE_UPDATED"
    CANCELLED = "SCHEDULE_CANCELLED"
    DELETED = "SCHEDULE_DELETED"
    QUEUED = "SCHEDULE_QUEUED"
    WAITING = "SCHEDULE_WAITING"
    SKIPPED = "SCHEDULE_SKIPPED"
    PUBLISHING = "SCHEDULE_PUBLISHING"
    PUBLISHED = "SCHEDULE_PUBLISHED"
    FAILED = "SCHEDULE_FAILED"
    """An attempt failed; `will_retry` tells whether that is the end."""
    UNKNOWN = "SCHEDULE_OUTCOME_UNKNOWN"
    RESOLVED = "SCHEDULE_RESOLVED"
    RETRIED = "SCHEDULE_RETRIED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """`actor_id` is the person who did it, nobody where the engine did."""

    what: Happening
    schedule_id: UUID
    organization_id: OrganizationId
    at: datetime
    actor_id: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def to(
        cls,
        schedule: Schedule,
        what: Happening,
        *,
        at: datetime,
        by: UUID | None,
        **details: Any,
    ) -> Self:
        """`by` is the actor."""
        return cls(
            what=what,
            schedule_id=schedule.id,
            organization_id=schedule.organization_id,
            at=at,
            actor_id=by,
            details=details,
        )
