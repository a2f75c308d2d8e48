"""Invitations over HTTP: send, list, send again, revoke; look at one and accept it."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field, SecretStr

from functions.dependencies import personal, public, requires
from functions.envelopes import Data, Numbered
from functions.idempotency import IdempotentRoute
from functions.identity.schemas import EmailAddress, OrganizationOut
from functions.own_organization import own_organization
from functions.role_choice import RoleChoice
from functions.routing import Router
from shared.identity.adapters import invitation_queries
from shared.identity.adapters.attempt_limits import attempt_limits
from shared.identity.adapters.invitation_queries import Status
from shared.identity.adapters.links import links
from shared.identity.adapters.one_time_secrets import ONE_TIME_SECRETS
from shared.identity.adapters.waking import begin
from shared.identity.application.organizations.accept_invitation import accept_invitation
from shared.identity.application.organizations.invite import invite
from shared.identity.application.organizations.resend_invitation import resend_invitation
from shared.identity.application.organizations.revoke_invitation import revoke_invitation
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging

sent = Router(
    prefix="/api/v1/organizations/{organization_id}/invitations",
    tags=["invitations"],
    route_class=IdempotentRoute,
    dependencies=[own_organization],
)
received = Router(prefix="/api/v1/invitations", tags=["invitations"])

Manager = Annotated[Actor, requires("members:manage")]


class Invite(RoleChoice):
    email: EmailAddress


class InvitationToken(BaseModel):
    token: SecretStr = Field(
        min_length=1, max_length=200, examples=["what the link in the mail has behind #token="]
    )


class ListInvitations(BaseModel):
    status: Status | None = None
    page: int = Field(1, ge=1, le=10_000)
    per_page: int = Field(10, ge=1, le=100)


class InvitationOut(BaseModel):
    """Good until `expires_at`, once, for an account with that `email`."""

    id: UUID
    email: str
    role: str
    status: Status
    invited_by: UUID
    inviter_name: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


class InvitationPreviewOut(BaseModel):
    """What somebody is invited to: an account with that `email` may accept it."""

    organization_name: str
    inviter_name: str
    email: str
    role: str
    expires_at: datetime


@sent.post("", status_code=201, responses=refuses(HTTPStatus.TOO_MANY_REQUESTS))
def create(organization_id: UUID, body: Invite, actor: Manager) -> Data[InvitationOut]:
    """Invite somebody by mail, whether or not they have an account; good for seven days."""
    invitation = invite(
        begin,
        ONE_TIME_SECRETS,
        links(),
        attempt_limits(),
        utc_now,
        actor=actor,
        email=body.email,
        wanted=body.wanted,
    )
    return _shown(actor, invitation.id)


@sent.get("")
def list_(
    organization_id: UUID, actor: Manager, wanted: Annotated[ListInvitations, Query()]
) -> Numbered[InvitationOut]:
    """The organization's invitations, the one sent last in front."""
    paging = Paging.numbered(wanted.page, size=wanted.per_page)
    page = invitation_queries.page_of_invitations(
        actor, status=wanted.status, paging=paging, now=utc_now()
    )
    return Numbered[InvitationOut].of(page, paging)


@sent.get("/{invitation_id}")
def get(organization_id: UUID, invitation_id: UUID, actor: Manager) -> Data[InvitationOut]:
    """One invitation."""
    return _shown(actor, invitation_id)


@sent.post(
    "/{invitation_id}/resend",
    responses=refuses(HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
def resend(organization_id: UUID, invitation_id: UUID, actor: Manager) -> Data[InvitationOut]:
    """Send it again, for another seven days; the link in the older mail leads nowhere."""
    invitation = resend_invitation(
        begin,
        ONE_TIME_SECRETS,
        links(),
        attempt_limits(),
        utc_now,
        actor=actor,
        invitation_id=invitation_id,
    )
    return _shown(actor, invitation.id)


@sent.delete("/{invitation_id}", status_code=204, responses=refuses(HTTPStatus.CONFLICT))
def revoke(organization_id: UUID, invitation_id: UUID, actor: Manager) -> None:
    """Take it back: nobody can accept it any more."""
    revoke_invitation(begin, utc_now, actor=actor, invitation_id=invitation_id)


@received.post(
    "/preview",
    dependencies=[public],
    responses=refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def preview(body: InvitationToken) -> Data[InvitationPreviewOut]:
    """What a link that came by mail invites to."""
    token_hash = ONE_TIME_SECRETS.hash(body.token.get_secret_value())
    found = invitation_queries.preview_of_invitation(token_hash, now=utc_now())
    return Data[InvitationPreviewOut].of(found)


@received.post("/accept", responses=refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT))
def accept(body: InvitationToken, actor: Annotated[SignedIn, personal]) -> Data[OrganizationOut]:
    """Join; the address it was sent to must be the account's, and counts as verified by it."""
    joined = accept_invitation(
        begin,
        ONE_TIME_SECRETS,
        utc_now,
        actor=actor,
        token=body.token.get_secret_value(),
    )
    return Data[OrganizationOut].of(OrganizationOut.of(joined))


def _shown(actor: Actor, invitation_id: UUID) -> Data[InvitationOut]:
    found = invitation_queries.one_invitation(actor, invitation_id, now=utc_now())
    return Data[InvitationOut].of(found)


app = create_app("Invitations")
app.include_router(sent)
app.include_router(received)
handler = lambda_handler(app)
