"""What happens to schedules, told to operations."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from shared.operations.api import BusinessEvent, record_events
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
                    details=each.details,
                )
                for each in happened
            ],
        )
