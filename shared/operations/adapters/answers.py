"""Claims to idempotency keys and the answers kept under them, in PostgreSQL.

Times are the database's: it is the one clock that all callers share.
"""

from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.operations.adapters.tables import idempotent_answers as answers
from shared.operations.domain.idempotency import (
    KEPT_FOR,
    LAPSES_AFTER,
    Answer,
    KeyedRequest,
    State,
)

_SWEPT_AT_ONCE = 100


def claim(asked: KeyedRequest) -> UUID | Answer:
    """Claim the key for a request, or tell how it was answered before.

    Whoever holds a claim does the request, then keeps its answer or releases the claim. A holder
    that dies does neither: its claim lapses and the next caller takes over. What the dead one had
    done by then is done again, and so is the work of one that outlives its claim: a key makes a
    request happen once unless its function is killed between its commit and its answer.

    Raises:
        Conflict: `IDEMPOTENCY_KEY_REUSED`, another request has the key, or
            `IDEMPOTENCY_IN_PROGRESS`, this one is being done.
    """
    now = func.now()
    fresh = insert(answers).values(
        id=new_id(),
        organization_id=asked.organization_id,
        user_id=asked.user_id,
        key=asked.key,
        fingerprint=asked.fingerprint,
        state=State.IN_PROGRESS,
        created_at=now,
        expires_at=now + LAPSES_AFTER,
    )
    with transaction() as session:
        claim_id: UUID | None = session.scalar(
            fresh.on_conflict_do_update(
                index_elements=[answers.c.organization_id, answers.c.user_id, answers.c.key],
                set_={column.name: fresh.excluded[column.name] for column in answers.columns},
                where=answers.c.expires_at <= now,
            ).returning(answers.c.id)
        )
        if claim_id is None:
            return _kept(session, asked)
        _sweep(session)
    return claim_id


def keep(claim_id: UUID, answer: Answer) -> None:
    """Answer the request's repetitions, too; nothing happens where another has taken over."""
    with transaction() as session:
        session.execute(
            update(answers)
            .where(answers.c.id == claim_id)
            .values(
                state=State.DONE,
                status_code=answer.status_code,
                content_type=answer.content_type,
                body=answer.body,
                expires_at=func.now() + KEPT_FOR,
            )
        )


def release(claim_id: UUID) -> None:
    """Let the request be done anew; nothing happens where another has taken over."""
    with transaction() as session:
        session.execute(delete(answers).where(answers.c.id == claim_id))


def _kept(session: Session, asked: KeyedRequest) -> Answer:
    """The row is there: the refused claim has locked it."""
    row = session.execute(
        select(answers).where(
            answers.c.organization_id == asked.organization_id,
            answers.c.user_id == asked.user_id,
            answers.c.key == asked.key,
        )
    ).one()
    if row.fingerprint != asked.fingerprint:
        raise Conflict(
            "IDEMPOTENCY_KEY_REUSED", "This idempotency key belongs to a different request"
        )
    if row.state == State.IN_PROGRESS:
        raise Conflict(
            "IDEMPOTENCY_IN_PROGRESS",
            "The first request with this idempotency key is still being done",
            retry_after=1,
        )
    return Answer(status_code=row.status_code, content_type=row.content_type, body=row.body)


def _sweep(session: Session) -> None:
    """Delete some of what has expired; after the claim, so that two callers cannot deadlock."""
    expired = (
        select(answers.c.id)
        .where(answers.c.expires_at <= func.now())
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(answers).where(answers.c.id.in_(expired)))
