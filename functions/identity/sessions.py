"""One's own sessions: where one is signed in, and how to end that."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from functions.browser_mode import FromBrowser, forget_cookies
from functions.dependencies import personal
from functions.envelopes import Listed
from functions.identity.schemas import SessionsRevokedOut
from functions.routing import Router
from shared.identity.adapters.own_sessions import page_of_sessions
from shared.identity.adapters.postgres import begin
from shared.identity.application.sessions.end_sessions import log_out_everywhere, revoke_session
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging

router = Router(tags=["sessions"])


class ListSessions(BaseModel):
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000)


class SessionOut(BaseModel):
    """A place where one is signed in, as it was at the login.

    `last_seen_at` lags behind by ten minutes at most; `current` is the session that asks.
    """

    id: UUID
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


@router.get("")
def list_(
    wanted: Annotated[ListSessions, Query()], actor: Annotated[SignedIn, personal]
) -> Listed[SessionOut]:
    """Where the caller is signed in, the latest login first."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = page_of_sessions(actor, now=utc_now(), paging=paging)
    return Listed[SessionOut].of(page, paging)


@router.delete("")
def end_others(actor: Annotated[SignedIn, personal]) -> SessionsRevokedOut:
    """End every session of the caller but this one."""
    ended = log_out_everywhere(begin, utc_now, actor=actor, but_here=True)
    return SessionsRevokedOut(message="Logged out everywhere else", sessions_revoked=ended)


@router.delete("/{session_id}", status_code=HTTPStatus.NO_CONTENT)
def end(
    session_id: UUID,
    actor: Annotated[SignedIn, personal],
    in_browser: FromBrowser,
    response: Response,
) -> None:
    """End one of the caller's sessions; its tokens are worth nothing from now on."""
    revoke_session(begin, utc_now, actor=actor, session_id=session_id)
    if in_browser and session_id == actor.session_id:
        forget_cookies(response)


app = create_app("Sessions")
app.include_router(router, prefix="/api/v1/auth/sessions")
app.include_router(router, prefix="/api/v1/system/auth/sessions", include_in_schema=False)
handler = lambda_handler(app)
