"""Sessions and suggestions in PostgreSQL, and the unit of work around them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from shared.generation.adapters.posts import ContentPosts
from shared.generation.adapters.tables import generation_sessions as sessions
from shared.generation.adapters.tables import generation_suggestions as suggestions
from shared.generation.adapters.templates import ContentTemplates
from shared.generation.domain.session import GenerationSession, SessionStatus
from shared.generation.domain.suggestion import Suggestion
from shared.infrastructure.database import transaction
from shared.kernel.ids import OrganizationId
from shared.operations.api.events import RecordedHappenings

_LAPSED = "TIMED_OUT"


def live_session(session_id: UUID) -> Select[GenerationSession]:
    return select(GenerationSession).where(
        sessions.c.id == session_id, sessions.c.deleted_at.is_(None)
    )


def live_suggestions() -> Select[Suggestion]:
    """Those of deleted sessions are gone with them."""
    return (
        select(Suggestion)
        .join(sessions, sessions.c.id == suggestions.c.generation_session_id)
        .where(sessions.c.deleted_at.is_(None))
    )


class PostgresSessions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, session: GenerationSession) -> None:
        self._session.add(session)

    def get_for_update(self, session_id: UUID) -> GenerationSession | None:
        locked = live_session(session_id).with_for_update(key_share=True)
        return self._session.scalar(locked.execution_options(populate_existing=True))

    def one_at_a_time(self, organization_id: OrganizationId) -> None:
        half = organization_id.int & (1 << 63) - 1
        self._session.execute(select(func.pg_advisory_xact_lock(half)))

    def begun_by(self, user_id: UUID, *, limit: int) -> Sequence[datetime]:
        return self._begun(sessions.c.created_by == user_id, limit)

    def begun_in(self, organization_id: OrganizationId, *, limit: int) -> Sequence[datetime]:
        return self._begun(sessions.c.organization_id == organization_id, limit)

    def _begun(self, where: ColumnElement[bool], limit: int) -> Sequence[datetime]:
        newest = sessions.c.created_at.desc()
        query = select(sessions.c.created_at).where(where).order_by(newest).limit(limit)
        return self._session.scalars(query).all()

    def abort_lapsed(
        self, organization_id: OrganizationId, *, before: datetime, now: datetime
    ) -> None:
        self._session.execute(
            update(sessions)
            .where(
                sessions.c.organization_id == organization_id,
                sessions.c.status == SessionStatus.IN_PROGRESS,
                sessions.c.created_at < before,
            )
            .values(status=SessionStatus.ABORTED, failure=_LAPSED, updated_at=now)
        )


class PostgresSuggestions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, suggestions: Sequence[Suggestion]) -> None:
        self._session.add_all(suggestions)

    def get(self, suggestion_id: UUID) -> Suggestion | None:
        return self._session.scalar(live_suggestions().where(suggestions.c.id == suggestion_id))

    def get_locked(self, suggestion_id: UUID) -> Suggestion | None:
        """Two of one session may both be the first to need a post, so the session is locked."""
        of_session = select(suggestions.c.generation_session_id).where(
            suggestions.c.id == suggestion_id
        )
        self._session.execute(
            select(sessions.c.id)
            .where(sessions.c.id == of_session.scalar_subquery())
            .with_for_update(key_share=True)
        )
        found = live_suggestions().where(suggestions.c.id == suggestion_id)
        return self._session.scalar(found.execution_options(populate_existing=True))


@dataclass(frozen=True)
class PostgresGeneration:
    sessions: PostgresSessions
    suggestions: PostgresSuggestions
    posts: ContentPosts
    templates: ContentTemplates
    happenings: RecordedHappenings


@contextmanager
def begin() -> Iterator[PostgresGeneration]:
    with transaction() as session:
        yield PostgresGeneration(
            PostgresSessions(session),
            PostgresSuggestions(session),
            ContentPosts(session),
            ContentTemplates(session),
            RecordedHappenings(session),
        )
