"""The platform's users, for root: see them, let them in, shut them out."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from functions.dependencies import personal, requires
from functions.envelopes import Data, Numbered
from functions.identity.schemas import ChangeProfile, SessionsRevokedOut, UserOut
from functions.routing import Router
from shared.identity.adapters import queries
from shared.identity.adapters.erasure import erase
from shared.identity.adapters.links import links
from shared.identity.adapters.one_time_secrets import ONE_TIME_SECRETS
from shared.identity.adapters.postgres import begin
from shared.identity.adapters.user_lists import (
    DeletedProfile,
    WantedUsers,
    page_of_deleted,
    page_of_users,
)
from shared.identity.application.accounts.approve_user import approve_user
from shared.identity.application.accounts.change_profile import change_profile
from shared.identity.application.accounts.delete_user import delete_user
from shared.identity.application.accounts.disable_user import disable_user
from shared.identity.application.accounts.enable_user import enable_user
from shared.identity.application.accounts.erase_user import erase_user
from shared.identity.application.accounts.force_new_password import force_new_password
from shared.identity.application.accounts.log_out_user import log_out_user
from shared.identity.application.accounts.reject_user import reject_user
from shared.identity.application.accounts.reset_second_factor import reset_second_factor
from shared.identity.application.accounts.restore_user import restore_user
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.roles import Role
from shared.identity.domain.user import AuthMethod, UserStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Page, Paging

router = Router(tags=["users"])

_REFUSED = refuses(HTTPStatus.BAD_REQUEST)


class PageOfUsers(BaseModel):
    """`search` is found in names and addresses."""

    auth_method: AuthMethod | None = None
    search: str | None = Field(None, max_length=255)
    page: int = Field(1, ge=1, le=10_000)
    per_page: int = Field(10, ge=1, le=100)

    @property
    def paging(self) -> Paging:
        return Paging.numbered(self.page, size=self.per_page)

    def wanted(self) -> WantedUsers:
        return WantedUsers(**self.model_dump(exclude={"page", "per_page"}))


class ListUsers(PageOfUsers):
    status: UserStatus | None = None
    is_root: bool | None = None


class Approve(BaseModel):
    """With a `role` the person joins the organization of the caller's session as that."""

    role: Literal["admin", "editor", "user", "viewer"] | None = None
    send_notification: bool = True


class Refuse(BaseModel):
    """`reason` is kept with the event; the person does not see it."""

    reason: str | None = Field(default=None, max_length=500, examples=["Nobody knows them"])


class Reject(Refuse):
    """`reason` is kept with the event, and told in the mail unless `send_notification` is false."""

    send_notification: bool = True


class DeleteUser(BaseModel):
    hand_over: bool = Field(
        default=False,
        description="Where others would lose their last owner, make the highest of them one",
    )


class DeletedUserOut(UserOut):
    deleted_at: datetime

    @classmethod
    def of_deleted(cls, profile: DeletedProfile) -> Self:
        return cls(**UserOut.of(profile).model_dump(), deleted_at=profile.deleted_at)


@router.get("", dependencies=[requires("users:read")])
def list_(wanted: Annotated[ListUsers, Query()]) -> Numbered[UserOut]:
    """Everybody with an account, the newest first."""
    return _listed(wanted.wanted(), wanted.paging)


@router.get("/pending", dependencies=[requires("users:read")])
def list_pending(wanted: Annotated[PageOfUsers, Query()]) -> Numbered[UserOut]:
    """Who waits for approval, the newest first."""
    waiting = WantedUsers(
        status=UserStatus.PENDING_APPROVAL, auth_method=wanted.auth_method, search=wanted.search
    )
    return _listed(waiting, wanted.paging)


@router.get("/deleted", dependencies=[requires("users:read")])
def list_deleted(wanted: Annotated[PageOfUsers, Query()]) -> Numbered[DeletedUserOut]:
    """Whose account was closed, the latest first."""
    page = page_of_deleted(wanted.wanted(), paging=wanted.paging)
    users = [DeletedUserOut.of_deleted(profile) for profile in page.items]
    return Numbered[DeletedUserOut].of(Page(items=users, total=page.total), wanted.paging)


def _listed(wanted: WantedUsers, paging: Paging) -> Numbered[UserOut]:
    page = page_of_users(wanted, paging=paging)
    users = [UserOut.of(profile) for profile in page.items]
    return Numbered[UserOut].of(Page(items=users, total=page.total), paging)


@router.get("/{user_id}", dependencies=[requires("users:read")])
def get(user_id: UUID) -> Data[UserOut]:
    """One user, whatever the state of the account."""
    return Data[UserOut].of(UserOut.of(queries.one_user(user_id)))


@router.patch("/{user_id}")
def change(user_id: UUID, body: ChangeProfile, actor: Annotated[SignedIn, personal]) -> UserOut:
    """Change one's own profile; root may change anybody's."""
    profile = change_profile(begin, utc_now, actor=actor, user_id=user_id, changes=body.changes())
    return UserOut.of(profile)


@router.post("/{user_id}/approve", responses=_REFUSED)
def approve(
    user_id: UUID,
    actor: Annotated[Actor, requires("users:approve")],
    body: Approve | None = None,
) -> UserOut:
    """Let somebody in who registered and waits, or was rejected."""
    said = body or Approve()
    profile = approve_user(
        begin,
        utc_now,
        actor=actor,
        user_id=user_id,
        role=said.role and Role(said.role),
        tell_them=said.send_notification,
    )
    return UserOut.of(profile)


@router.post("/{user_id}/reject", responses=_REFUSED)
def reject(
    user_id: UUID,
    actor: Annotated[Actor, requires("users:approve")],
    body: Reject | None = None,
) -> UserOut:
    """Do not let somebody in who registered and waits."""
    said = body or Reject()
    profile = reject_user(
        begin,
        utc_now,
        actor=actor,
        user_id=user_id,
        reason=said.reason,
        tell_them=said.send_notification,
    )
    return UserOut.of(profile)


@router.post("/{user_id}/disable", responses=_REFUSED)
@router.post("/{user_id}/suspend", include_in_schema=False)
def disable(
    user_id: UUID,
    actor: Annotated[Actor, requires("users:manage")],
    body: Refuse | None = None,
) -> UserOut:
    """Shut somebody out: their sessions end at once, their schedules are skipped."""
    said = body or Refuse()
    return UserOut.of(
        disable_user(begin, utc_now, actor=actor, user_id=user_id, reason=said.reason)
    )


@router.post("/{user_id}/enable", responses=_REFUSED)
@router.post("/{user_id}/activate", include_in_schema=False)
def enable(user_id: UUID, actor: Annotated[Actor, requires("users:manage")]) -> UserOut:
    """Let somebody in again who was disabled."""
    return UserOut.of(enable_user(begin, utc_now, actor=actor, user_id=user_id))


@router.post("/{user_id}/force-logout")
def force_logout(
    user_id: UUID, actor: Annotated[Actor, requires("users:manage")]
) -> SessionsRevokedOut:
    """End all sessions of somebody, who may sign in again."""
    ended = log_out_user(begin, utc_now, actor=actor, user_id=user_id)
    return SessionsRevokedOut(message="Logged out everywhere", sessions_revoked=ended)


@router.post("/{user_id}/force-password-reset", responses=_REFUSED)
def force_password_reset(
    user_id: UUID, actor: Annotated[Actor, requires("users:manage")]
) -> SessionsRevokedOut:
    """Make somebody set a new password: the old one counts no more, a link comes by mail."""
    ended = force_new_password(
        begin, ONE_TIME_SECRETS, links(), utc_now, actor=actor, user_id=user_id
    )
    return SessionsRevokedOut(
        message="A link to set a new password is on its way", sessions_revoked=ended
    )


@router.post("/{user_id}/reset-second-factor", responses=_REFUSED)
def reset_factor(
    user_id: UUID, actor: Annotated[Actor, requires("users:manage")]
) -> SessionsRevokedOut:
    """Take authenticator app, recovery codes and passkeys from somebody who has lost them all."""
    ended = reset_second_factor(begin, utc_now, actor=actor, user_id=user_id)
    return SessionsRevokedOut(
        message="A password is enough to log in again, and a mail tells them",
        sessions_revoked=ended,
    )


@router.delete(
    "/{user_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=refuses(HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT),
)
def delete(
    user_id: UUID,
    actor: Annotated[Actor, requires("users:manage")],
    wanted: Annotated[DeleteUser, Query()],
) -> None:
    """Close an account; it can be restored, and its address is free for another."""
    delete_user(begin, utc_now, actor=actor, user_id=user_id, hand_over=wanted.hand_over)


@router.post(
    "/{user_id}/erase",
    status_code=HTTPStatus.NO_CONTENT,
    responses=refuses(HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT),
)
def erase_somebody(
    user_id: UUID,
    actor: Annotated[Actor, requires("users:manage")],
    wanted: Annotated[DeleteUser, Query()],
) -> None:
    """Close an account for good: what they did stays, and nothing tells who they were."""
    erase_user(begin, erase, utc_now, actor=actor, user_id=user_id, hand_over=wanted.hand_over)


@router.post("/{user_id}/restore", responses=refuses(HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT))
def restore(user_id: UUID, actor: Annotated[Actor, requires("users:manage")]) -> UserOut:
    """Open a closed account again, in the state it was in."""
    return UserOut.of(restore_user(begin, utc_now, actor=actor, user_id=user_id))


app = create_app("Users")
app.include_router(router, prefix="/api/v1/system/users")
app.include_router(router, prefix="/api/v1/system/admin/users", include_in_schema=False)
handler = lambda_handler(app)
