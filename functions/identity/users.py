"""The platform's users, for root: see them, let them in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from functions.dependencies import PageOf, requires
from functions.envelopes import Data, Paged
from functions.identity.schemas import UserOut
from shared.identity.adapters import queries
from shared.identity.adapters.postgres import begin
from shared.identity.application.approve_user import approve_user
from shared.identity.domain.user import Status
from shared.infrastructure.database import transaction
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.errors import NotFound
from shared.kernel.paging import Page

app = create_app("Users")
router = APIRouter(prefix="/api/v1/system/users", tags=["users"])


@router.get("", dependencies=[requires("users:read")])
def list_users(paging: PageOf, status: Status | None = None) -> Paged[UserOut]:
    with transaction() as session:
        page = queries.page_of_users(session, status=status, paging=paging)
    users = [UserOut.of(profile) for profile in page.items]
    return Paged[UserOut].of(Page(items=users, total=page.total), paging)


@router.get("/{user_id}", dependencies=[requires("users:read")])
def get_user(user_id: UUID) -> Data[UserOut]:
    with transaction() as session:
        profile = queries.profile(session, user_id)
    if profile is None:
        raise NotFound("USER_NOT_FOUND", "There is no such user")
    return Data(data=UserOut.of(profile))


@router.post("/{user_id}/approve")
def post_approve(user_id: UUID, actor: Annotated[Actor, requires("users:approve")]) -> UserOut:
    return UserOut.of(approve_user(begin, utc_now, actor=actor, user_id=user_id))


app.include_router(router)
handler = lambda_handler(app)
