"""What an operator may turn."""

from dataclasses import dataclass
from datetime import timedelta

from shared.infrastructure.settings import Settings
from shared.publishing.domain.schedule import HORIZON, LEASE


@dataclass(frozen=True, kw_only=True)
class PublishingSettings(Settings):
    """`lease_seconds` must be longer than the publisher's timeout.

    `in_flight` is how many calls one publisher has under way at a time.
    """

    lease_seconds: int = int(LEASE.total_seconds())
    horizon_days: int = HORIZON.days
    in_flight: int = 50

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)

    @property
    def horizon(self) -> timedelta:
        return timedelta(days=self.horizon_days)
