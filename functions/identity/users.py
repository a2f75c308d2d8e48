"""The platform's users, for root: see them, let them in."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from functions.dependencies import requires
from functions.envelopes import Data, Numbered
from functions.identity.schemas import UserOut
from shared.identity.adapters import queries
from shared.identity.adapters.postgres import begin
from shared.identity.application.accounts.approve_user import approve_user
from shared.identity.domain.user import UserStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Page, Paging

router = APIRouter(prefix="/api/v1/system/users", tags=["users"])


class ListUsers(BaseModel):
    status: UserStatus | None = None
    page: int = Field(1, ge=1, le=10_000)
    per_page: int = Field(10, ge=1, le=100)


@router.get("", dependencies=[requires("users:read")])
def list_(wanted: Annotated[ListUsers, Query()]) -> Numbered[UserOut]:
    """Everybody with an account, the newest first."""
    paging = Paging.numbered(wanted.page, size=wanted.per_page)
    page = queries.page_of_users(status=wanted.status, paging=paging)
    users = [UserOut.of(profile) for profile in page.items]
    return Numbered[UserOut].of(Page(items=users, total=page.total), paging)


@router.get("/{user_id}", dependencies=[requires("users:read")])
def get(user_id: UUID) -> Data[UserOut]:
    """One user, whatever the state of the account."""
    return Data[UserOut].of(UserOut.of(queries.one_user(user_id)))


@router.post("/{user_id}/approve", responses=refuses(HTTPStatus.BAD_REQUEST))
def approve(user_id: UUID, actor: Annotated[Actor, requires("users:approve")]) -> UserOut:
    """Let somebody in who registered and waits."""
    return UserOut.of(approve_user(begin, utc_now, actor=actor, user_id=user_id))


app = create_app("Users")
app.include_router(router)
handler = lambda_handler(app)
