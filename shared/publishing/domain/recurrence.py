"""A series: one variant, one connection, again and again as a rule says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id


class RecurrenceStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    """By a person, by its rule, or with its post; it never comes back."""


@dataclass(kw_only=True, eq=False)
class Recurrence:
    """`starts_at_local` is naive ISO 8601 on the clock of `timezone`, to the second.

    Up to `planned_until` each occurrence that shall be has its schedule.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    post_id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    rule: str
    timezone: str
    starts_at_local: str
    status: RecurrenceStatus = RecurrenceStatus.ACTIVE
    planned_until: datetime | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None

    @classmethod
    def new(
        cls,
        *,
        organization_id: OrganizationId,
        created_by: UUID,
        post_id: UUID,
        post_variant_id: UUID,
        channel_connection_id: UUID,
        rule: str,
        timezone: str,
        starts_at: datetime,
        now: datetime,
    ) -> "Recurrence":
        return cls(
            id=new_id(),
            organization_id=organization_id,
            created_by=created_by,
            post_id=post_id,
            post_variant_id=post_variant_id,
            channel_connection_id=channel_connection_id,
            rule=rule,
            timezone=timezone,
            starts_at_local=_written(starts_at),
            planned_until=now,
            created_at=now,
            updated_at=now,
        )

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(self.starts_at_local)

    @property
    def is_active(self) -> bool:
        return self.status is RecurrenceStatus.ACTIVE

    @property
    def is_going_on(self) -> bool:
        return self.status is not RecurrenceStatus.ENDED

    def change(self, *, rule: str, timezone: str, starts_at: datetime, now: datetime) -> None:
        self.demand_going_on()
        self.rule, self.timezone, self.starts_at_local = rule, timezone, _written(starts_at)
        self.updated_at = now

    def pause(self, *, now: datetime) -> None:
        self.demand_going_on()
        self.status, self.updated_at = RecurrenceStatus.PAUSED, now

    def resume(self, *, now: datetime) -> None:
        self.demand_going_on()
        self.status, self.updated_at = RecurrenceStatus.ACTIVE, now

    def end(self, *, now: datetime) -> None:
        """Once; a second time changes nothing."""
        if self.is_going_on:
            self.status, self.updated_at = RecurrenceStatus.ENDED, now

    def delete(self, *, now: datetime) -> None:
        self.end(now=now)
        self.deleted_at = self.updated_at = now

    def demand_going_on(self) -> None:
        """Refuse to touch what is over.

        Raises:
            Conflict: `RECURRENCE_ENDED`.
        """
        if not self.is_going_on:
            raise Conflict("RECURRENCE_ENDED", "This series has ended: make a new one")


def _written(starts_at: datetime) -> str:
    return starts_at.isoformat(timespec="seconds")
