"""A person's sessions, to look at."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from shared.identity.adapters.tables import user_sessions
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.database import transaction
from shared.kernel.paging import Page, Paging


@dataclass(frozen=True, kw_only=True)
class OwnSession:
    """`device` is what the program said of itself at the login."""

    id: UUID
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


def page_of_sessions(actor: SignedIn, *, now: datetime, paging: Paging) -> Page[OwnSession]:
    """The actor's live sessions, the latest login first."""
    live = (
        user_sessions.c.user_id == actor.user_id,
        user_sessions.c.ended_at.is_(None),
        user_sessions.c.expires_at > now,
    )
    page = (
        select(
            user_sessions.c.id,
            user_sessions.c.user_agent.label("device"),
            user_sessions.c.address,
            user_sessions.c.created_at,
            user_sessions.c.last_seen_at,
            user_sessions.c.expires_at,
            (user_sessions.c.id == actor.session_id).label("current"),
        )
        .where(*live)
        .order_by(user_sessions.c.created_at.desc(), user_sessions.c.id.desc())
        .limit(paging.limit)
        .offset(paging.offset)
    )
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(user_sessions).where(*live)) or 0
        found = [OwnSession(**row) for row in session.execute(page).mappings()]
    return Page(items=found, total=total)
