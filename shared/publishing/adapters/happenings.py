"""What happens to schedules, told to operations."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from shared.operations.api.events import BusinessEvent, record_events
from shared.publishing.domain.happenings import Happened


class OperationsHappenings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, happened: Sequence[Happened]) -> None:
        record_events(
            self._session,
            [
                BusinessEvent(
                    name=each.what,
                    organization_id=each.organization_id,
                    subject_id=each.schedule_id,
                    actor_id=each.actor_id,
                    occurred_at=each.at,
                    details={name: _written(value) for name, value in each.details.items()},
                )
                for each in happened
            ],
        )


def _written(value: Any) -> Any:
    """Moments as our answers write them."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value
