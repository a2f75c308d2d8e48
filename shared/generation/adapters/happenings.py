"""What happens in generation, told to operations."""

from sqlalchemy.orm import Session

from shared.generation.application.ports import Happened
from shared.operations.api.events import BusinessEvent, record_events


class OperationsHappenings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, happened: Happened) -> None:
        event = BusinessEvent(
            name=happened.what,
            organization_id=happened.organization_id,
            subject_id=happened.subject_id,
            actor_id=happened.actor_id,
            occurred_at=happened.at,
            details=happened.details,
        )
        record_events(self._session, [event])
