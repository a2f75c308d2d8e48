"""What every way of having something written has in common: the allowance and the record.

A session is begun in one transaction and ended in another, with the writing between them.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from shared.generation.application.ports import (
    Begin,
    FindChannel,
    GenerationUnitOfWork,
)
from shared.generation.domain.allowance import Allowances
from shared.generation.domain.channel import Place
from shared.generation.domain.session import LAPSE, GenerationSession
from shared.generation.domain.usage import GenerationFailed, Usage
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import DomainError, NotFound
from shared.kernel.happenings import Happened, Happening

T = TypeVar("T")


def places_for(
    find_channel: FindChannel, actor: Actor, channel_ids: Sequence[str], max_length: int | None
) -> list[Place]:
    """The networks to write for, each once.

    Raises:
        NotFound: `CHANNEL_NOT_FOUND`.
        PermissionDenied: `CHANNEL_ACCESS_DENIED`.
    """
    places = []
    for channel_id in dict.fromkeys(channel_ids):
        actor.demand_channel(channel_id)
        places.append(Place.at(find_channel(channel_id), max_length))
    return places


def open_session(
    work: GenerationUnitOfWork, session: GenerationSession, allowances: Allowances
) -> None:
    """Begin, if there is anything left of what may be asked for.

    Raises:
        LimitExceeded: `GENERATION_RATE_LIMIT_EXCEEDED`.
    """
    now, organization_id = session.created_at, session.organization_id
    work.sessions.one_at_a_time(organization_id)
    person, whole = allowances.of_person, allowances.of_organization
    person.demand(work.sessions.begun_by(session.created_by, limit=person.times), now)
    whole.demand(work.sessions.begun_in(organization_id, limit=whole.times), now)
    work.sessions.abort_lapsed(organization_id, before=now - LAPSE, now=now)
    work.sessions.add(session)
    tell(work, Happening.GENERATION_STARTED, session, {"task": session.task})


def written_in(begin: Begin, clock: Clock, session: GenerationSession, write: Callable[[], T]) -> T:
    """What `write` answers, outside any transaction; where it fails, the session is aborted."""
    try:
        return write()
    except Exception as error:
        code = error.code if isinstance(error, DomainError) else "INTERNAL_SERVER_ERROR"
        usage = error.usage if isinstance(error, GenerationFailed) else None
        _abort(begin, clock, session, code, usage)
        raise


def _abort(
    begin: Begin, clock: Clock, session: GenerationSession, code: str, usage: Usage | None
) -> None:
    now = clock()
    with begin() as work:
        found = work.sessions.get_for_update(session.id)
        if found is not None:
            found.abort(code, usage, now=now)
            tell(work, Happening.GENERATION_ABORTED, found, {"reason": code})


def complete(
    work: GenerationUnitOfWork, session: GenerationSession, usage: Usage, clock: Clock
) -> GenerationSession:
    """End a session well; answers it as it is now.

    Raises:
        NotFound, Conflict: `SESSION_NOT_FOUND`, `SESSION_NOT_IN_PROGRESS`; somebody has deleted it
            meanwhile, or it took too long.
    """
    found = work.sessions.get_for_update(session.id)
    if found is None:
        raise NotFound("SESSION_NOT_FOUND", "The session was deleted meanwhile")
    found.complete(usage, now=clock())
    details = {
        "task": found.task,
        "ai_model": found.ai_model,
        "tokens_used": found.tokens_used,
        "cost": None if found.cost is None else str(found.cost),
    }
    tell(work, Happening.GENERATION_COMPLETED, found, details)
    return found


def tell(
    work: GenerationUnitOfWork,
    what: Happening,
    session: GenerationSession,
    details: dict[str, Any],
    *,
    by: UUID | None = None,
) -> None:
    """Of a session as it has just become, `by` whoever has begun it, or somebody else."""
    work.happenings.record(
        Happened(
            what=what,
            subject_id=session.id,
            organization_id=session.organization_id,
            actor_id=by or session.created_by,
            at=session.updated_at,
            details=details,
        )
    )
