"""What happens in identity, told to operations."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.identity.domain.happenings import Happened
from shared.operations.api.events import BusinessEvent, record_events


class OperationsHappenings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, *happened: Happened) -> None:
        record_events(
            self._session,
            [
                BusinessEvent(
                    name=each.what,
                    organization_id=each.organization_id,
                    subject_id=each.subject_id,
                    actor_id=each.actor_id,
                    occurred_at=each.at,
                    details=each.details,
                )
                for each in happened
            ],
        )

    def record_nobodys(self) -> None:
        """Write something to the log that is flushed with the commit, like a row, and kept nowhere.

        A transaction that has written nothing is not waited for.
        """
        self._session.execute(text("SELECT pg_logical_emit_message(true, '', '')"))
