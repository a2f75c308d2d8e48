"""Organizations over HTTP: make one, see where one belongs, change, switch, leave, hand over."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from functions.browser_mode import FromBrowser
from functions.dependencies import personal, requires, signed_in
from functions.envelopes import Data
from functions.idempotency import IdempotentRoute
from functions.identity.schemas import OrganizationOut
from functions.own_organization import own_organization
from functions.routing import Router
from functions.signing_in import OpenedOut, opened_out
from shared.identity.adapters import member_queries
from shared.identity.adapters.organization_limits import OrganizationsSettings
from shared.identity.adapters.postgres import begin
from shared.identity.adapters.session_tokens import JwtSessionTokens
from shared.identity.application.organizations.change_organization import change_organization
from shared.identity.application.organizations.create_organization import create_organization
from shared.identity.application.organizations.leave_organization import leave_organization
from shared.identity.application.organizations.switch_organization import switch_organization
from shared.identity.application.organizations.transfer_ownership import transfer_ownership
from shared.identity.domain.organization import Organization, SessionPolicy
from shared.identity.domain.profile import MembershipView, SignedIn
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.tokens import tokens
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now

router = Router(prefix="/api/v1/organizations", tags=["organizations"], route_class=IdempotentRoute)

Person = Annotated[SignedIn, personal]


class CreateOrganization(BaseModel):
    """`name` loses its tags."""

    name: str = Field(examples=["Difference Engines"])


class ChangeOrganization(BaseModel):
    """What is absent stays. With `single`, a login or a switch ends a person's older sessions."""

    name: str | None = Field(None, examples=["Analytical Engines"])
    session_policy: SessionPolicy | None = None


class TransferOwnership(BaseModel):
    """The member becomes an owner, and whoever asks an admin."""

    member_id: UUID


class OrganizationDetailsOut(BaseModel):
    id: UUID
    name: str
    session_policy: SessionPolicy
    created_at: datetime
    updated_at: datetime


@router.post("", status_code=201, responses=refuses(HTTPStatus.CONFLICT))
def create(body: CreateOrganization, actor: Person) -> Data[OrganizationOut]:
    """Make one more organization and own it; the session stays where it is."""
    maximum = OrganizationsSettings.read().owned
    made = create_organization(begin, utc_now, actor=actor, name=body.name, maximum=maximum)
    return _belongs(made)


@router.get("")
def list_(actor: Person) -> Data[list[OrganizationOut]]:
    """Where the caller belongs, and as what, the oldest first."""
    memberships = actor.profile.memberships
    return Data[list[OrganizationOut]].of([OrganizationOut.of(each) for each in memberships])


@router.get("/{organization_id}", dependencies=[own_organization])
def get(organization_id: UUID, actor: Annotated[Actor, signed_in]) -> Data[OrganizationDetailsOut]:
    """The organization the caller acts in."""
    return _details(member_queries.own_organization(actor))


@router.patch(
    "/{organization_id}",
    dependencies=[own_organization],
    responses=refuses(HTTPStatus.BAD_REQUEST),
)
def update(
    organization_id: UUID,
    body: ChangeOrganization,
    actor: Annotated[Actor, requires("organization:update")],
) -> Data[OrganizationDetailsOut]:
    """Rename the organization, or say how many sessions its members may have at a time."""
    changed = change_organization(
        begin, utc_now, actor=actor, name=body.name, session_policy=body.session_policy
    )
    return _details(changed)


@router.post("/{organization_id}/switch")
def switch(
    organization_id: UUID, actor: Person, in_browser: FromBrowser, response: Response
) -> OpenedOut:
    """Go on in another organization: answers new tokens, and the old refresh token is spent."""
    opened = switch_organization(
        begin,
        JwtSessionTokens(tokens()),
        utc_now,
        actor=actor,
        organization_id=organization_id,
        browser=in_browser,
    )
    return opened_out(opened, response)


@router.post(
    "/{organization_id}/leave",
    dependencies=[own_organization],
    responses=refuses(HTTPStatus.CONFLICT),
)
def leave(
    organization_id: UUID, actor: Person, in_browser: FromBrowser, response: Response
) -> OpenedOut:
    """Leave; answers tokens for the oldest organization that is left, if need be a new one."""
    opened = leave_organization(
        begin, JwtSessionTokens(tokens()), utc_now, actor=actor, browser=in_browser
    )
    return opened_out(opened, response)


@router.post(
    "/{organization_id}/transfer-ownership",
    status_code=204,
    dependencies=[own_organization],
    responses=refuses(HTTPStatus.CONFLICT),
)
def transfer(organization_id: UUID, body: TransferOwnership, actor: Person) -> None:
    """Hand the organization over to another member."""
    transfer_ownership(begin, utc_now, actor=actor, member_id=body.member_id)


def _belongs(membership: MembershipView) -> Data[OrganizationOut]:
    return Data[OrganizationOut].of(OrganizationOut.of(membership))


def _details(organization: Organization) -> Data[OrganizationDetailsOut]:
    return Data[OrganizationDetailsOut].of(organization)


app = create_app("Organizations")
app.include_router(router)
handler = lambda_handler(app)
