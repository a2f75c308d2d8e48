"""What other contexts may ask of generation; each runs in the caller's transaction."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.generation.adapters.tables import generation_sessions, generation_suggestions
from shared.infrastructure.database import among
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor


def reached(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """The live sessions and their suggestions among `ids` that the actor's permission reaches."""
    sessions, suggestions = generation_sessions.c, generation_suggestions.c
    of_sessions = select(sessions.id).where(
        among(sessions.id, ids),
        sessions.deleted_at.is_(None),
        *within_reach(generation_sessions, actor),
    )
    of_suggestions = (
        select(suggestions.id)
        .join(generation_sessions, sessions.id == suggestions.generation_session_id)
        .where(
            among(suggestions.id, ids),
            sessions.deleted_at.is_(None),
            *within_reach(generation_suggestions, actor),
        )
    )
    return {*session.scalars(of_sessions), *session.scalars(of_suggestions)}
