"""Sessions in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from shared.identity.adapters.tables import user_sessions
from shared.identity.domain.user_session import UserSession


@dataclass(frozen=True)
class PostgresUserSessions:
    _session: Session

    def add(self, session: UserSession) -> None:
        """What has expired of the same user is swept away: none of its tokens is good any more."""
        self._session.execute(
            delete(user_sessions).where(
                user_sessions.c.user_id == session.user_id,
                user_sessions.c.expires_at < session.created_at,
            )
        )
        self._session.add(session)

    def get_for_update(self, session_id: UUID) -> UserSession | None:
        return self._session.get(UserSession, session_id, with_for_update={"key_share": True})

    def open_ones(self, user_id: UUID) -> list[UserSession]:
        return list(
            self._session.scalars(
                select(UserSession)
                .where(user_sessions.c.user_id == user_id, user_sessions.c.ended_at.is_(None))
                .order_by(user_sessions.c.id)
                .with_for_update(key_share=True)
            )
        )

    def latest_version(self, user_id: UUID) -> int:
        latest = select(func.max(user_sessions.c.version)).where(user_sessions.c.user_id == user_id)
        return self._session.scalar(latest) or 0
