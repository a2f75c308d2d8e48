"""Sessions and suggestions as the answers show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from shared.generation.adapters.postgres import live_session
from shared.generation.adapters.tables import generation_sessions as sessions
from shared.generation.adapters.tables import generation_suggestions as suggestions
from shared.generation.domain.brief import Task
from shared.generation.domain.session import GenerationSession, SessionStatus
from shared.generation.domain.suggestion import Suggestion
from shared.infrastructure.database import transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging


@dataclass(frozen=True, kw_only=True)
class SessionFilter:
    """All that is given must hold."""

    status: SessionStatus | None = None
    task: Task | None = None
    post_id: UUID | None = None
    template_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class SessionWithSuggestions:
    session: GenerationSession
    suggestions: Sequence[Suggestion]


def page_of_sessions(
    actor: Actor, wanted: SessionFilter, paging: Paging
) -> Page[GenerationSession]:
    """Live sessions within the actor's reach, the newest first."""
    where = _conditions(actor, wanted)
    newest = sessions.c.created_at.desc(), sessions.c.id.desc()
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(sessions).where(*where)) or 0
        items = session.scalars(
            select(GenerationSession)
            .where(*where)
            .order_by(*newest)
            .limit(paging.limit)
            .offset(paging.offset)
        ).all()
    return Page(items=items, total=total)


def _conditions(actor: Actor, wanted: SessionFilter) -> list[ColumnElement[bool]]:
    where = [*within_reach(sessions, actor), sessions.c.deleted_at.is_(None)]
    named = {
        "status": wanted.status,
        "task": wanted.task,
        "post_id": wanted.post_id,
        "template_id": wanted.template_id,
    }
    return where + [sessions.c[name] == value for name, value in named.items() if value is not None]


def one_session(actor: Actor, session_id: UUID) -> SessionWithSuggestions:
    """With those of its suggestions that are within reach, the best first."""
    with transaction() as session:
        found = actor.own(session.scalar(live_session(session_id)), "session")
        of_session = session.scalars(
            select(Suggestion)
            .where(
                suggestions.c.generation_session_id == session_id,
                *within_reach(suggestions, actor),
            )
            .order_by(suggestions.c.rank)
        ).all()
    return SessionWithSuggestions(session=found, suggestions=of_session)
