"""Sessions in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from shared.identity.domain.user_session import UserSession


@dataclass(frozen=True)
class PostgresUserSessions:
    _session: Session

    def add(self, session: UserSession) -> None:
        self._session.add(session)

    def get_for_update(self, session_id: UUID) -> UserSession | None:
        return self._session.get(UserSession, session_id, with_for_update=True)
