"""The roles of an organization over HTTP: the built-in ones, and those it makes for itself."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from functions.dependencies import requires
from functions.envelopes import Data
from functions.idempotency import IdempotentRoute
from functions.own_organization import own_organization
from functions.routing import Router
from shared.identity.adapters import role_queries
from shared.identity.adapters.postgres import begin
from shared.identity.application.organizations.change_custom_role import change_custom_role
from shared.identity.application.organizations.create_custom_role import create_custom_role
from shared.identity.application.organizations.delete_custom_role import delete_custom_role
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now

router = Router(
    prefix="/api/v1/organizations/{organization_id}/roles",
    tags=["roles"],
    route_class=IdempotentRoute,
    dependencies=[own_organization],
)

Reader = Annotated[Actor, requires("members:read")]
Manager = Annotated[Actor, requires("roles:manage")]
_WORDS = Field(max_length=100, examples=[["posts:read", "posts:write:own", "schedules:read"]])


class CreateRole(BaseModel):
    """`permissions` are words of `GET /acl/permissions`; the role may be given to those below."""

    slug: str = Field(examples=["guest-writer"])
    name: str = Field(examples=["Guest writer"])
    description: str | None = Field(None, max_length=1000)
    permissions: Annotated[frozenset[str], _WORDS]


class ChangeRole(BaseModel):
    """What is absent stays; whoever has the role may what it says from the next request on."""

    name: str | None = None
    description: str | None = Field(None, max_length=1000)
    permissions: Annotated[frozenset[str], _WORDS] | None = None


class RoleOut(BaseModel):
    """A built-in role has no `id`: it is named by its `slug`. `members` is how many have it."""

    id: UUID | None
    slug: str
    name: str
    description: str | None
    permissions: list[str]
    members: int
    created_at: datetime | None
    updated_at: datetime | None


@router.get("")
def list_(organization_id: UUID, actor: Reader) -> Data[list[RoleOut]]:
    """The built-in roles from the highest down, then the organization's own."""
    return Data[list[RoleOut]].of(role_queries.roles_of_organization(actor))


@router.get("/{role_id}")
def get(organization_id: UUID, role_id: UUID, actor: Reader) -> Data[RoleOut]:
    """One of the organization's own roles."""
    return _shown(actor, role_id)


@router.post("", status_code=201)
def create(organization_id: UUID, body: CreateRole, actor: Manager) -> Data[RoleOut]:
    """Make a role out of permissions that are below your own."""
    role = create_custom_role(
        begin,
        utc_now,
        actor=actor,
        slug=body.slug,
        name=body.name,
        description=body.description,
        permissions=body.permissions,
    )
    return _shown(actor, role.id)


@router.patch("/{role_id}")
def update(organization_id: UUID, role_id: UUID, body: ChangeRole, actor: Manager) -> Data[RoleOut]:
    """Change what a role is called and what it may."""
    change_custom_role(
        begin,
        utc_now,
        actor=actor,
        role_id=role_id,
        name=body.name,
        description=body.description,
        permissions=body.permissions,
    )
    return _shown(actor, role_id)


@router.delete("/{role_id}", status_code=204, responses=refuses(HTTPStatus.CONFLICT))
def delete(organization_id: UUID, role_id: UUID, actor: Manager) -> None:
    """Delete a role that nobody has and nobody is invited to."""
    delete_custom_role(begin, utc_now, actor=actor, role_id=role_id)


def _shown(actor: Actor, role_id: UUID) -> Data[RoleOut]:
    return Data[RoleOut].of(role_queries.one_custom_role(actor, role_id))


app = create_app("Roles")
app.include_router(router)
handler = lambda_handler(app)
