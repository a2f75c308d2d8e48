"""What happens to accounts and applications, told to operations."""

from sqlalchemy.orm import Session

from shared.channels.domain.happenings import Happened
from shared.operations.api.events import BusinessEvent, record_events


class OperationsHappenings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, *happened: Happened) -> None:
        record_events(
            self._session,
            [
                BusinessEvent(
                    name=one.what,
                    organization_id=one.organization_id,
                    subject_id=one.subject_id,
                    actor_id=one.actor_id,
                    occurred_at=one.at,
                    details=one.details,
                )
                for one in happened
            ],
        )
