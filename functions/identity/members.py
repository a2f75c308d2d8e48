"""The members of an organization over HTTP: see them, give roles and permissions, remove."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from functions.dependencies import requires
from functions.envelopes import Data, Numbered
from functions.own_organization import own_organization
from functions.role_choice import RoleChoice
from functions.routing import Router
from shared.identity.adapters import member_queries
from shared.identity.adapters.member_queries import Member
from shared.identity.adapters.postgres import begin
from shared.identity.application.organizations.assign_role import assign_role
from shared.identity.application.organizations.grant_permission import grant_permission
from shared.identity.application.organizations.remove_member import remove_member
from shared.identity.application.organizations.revoke_permission import revoke_permission
from shared.identity.application.organizations.set_grants import set_grants
from shared.identity.domain.user import AuthMethod, UserStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.tenancy import everywhere
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Page, Paging

router = Router(
    prefix="/api/v1/organizations/{organization_id}/members",
    tags=["members"],
    dependencies=[own_organization],
)

of_users = Router(prefix="/api/v1/system/admin/users", tags=["members"])
"""The same by the names that administrators know, in the organization the caller acts in."""

Reader = Annotated[Actor, requires("members:read")]
Manager = Annotated[Actor, requires("members:manage")]
Granter = Annotated[Actor, requires("roles:manage")]


class ListMembers(BaseModel):
    search: str = Field("", max_length=200, description="Part of a name or an e-mail")
    page: int = Field(1, ge=1, le=10_000)
    per_page: int = Field(10, ge=1, le=100)


class Grants(BaseModel):
    """What is not among them is taken back."""

    permissions: Annotated[
        frozenset[str], Field(max_length=100, examples=[["channels:connect", "posts:delete:own"]])
    ]


class MemberOut(BaseModel):
    """`granted` are the permissions that the member holds beside what their role says."""

    id: UUID
    email: str
    name: str
    avatar_url: str | None
    auth_method: AuthMethod
    status: UserStatus
    role: str
    custom_role_id: UUID | None
    permissions: list[str]
    granted: list[str]
    joined_at: datetime

    @classmethod
    def of(cls, member: Member) -> Self:
        membership = member.membership
        return cls(
            id=member.user_id,
            email=member.email,
            name=member.name,
            avatar_url=member.avatar_url,
            auth_method=member.auth_method,
            status=member.status,
            role=membership.role_name,
            custom_role_id=membership.custom_role.id if membership.custom_role else None,
            permissions=sorted(membership.permissions),
            granted=sorted(membership.granted),
            joined_at=member.joined_at,
        )


@router.get("")
def list_(
    organization_id: UUID, actor: Reader, wanted: Annotated[ListMembers, Query()]
) -> Numbered[MemberOut]:
    """Who belongs to the organization, whoever joined first in front."""
    paging = Paging.numbered(wanted.page, size=wanted.per_page)
    page = member_queries.page_of_members(actor, search=wanted.search.strip(), paging=paging)
    members = [MemberOut.of(member) for member in page.items]
    return Numbered[MemberOut].of(Page(items=members, total=page.total), paging)


@router.get("/{member_id}")
def get(organization_id: UUID, member_id: UUID, actor: Reader) -> Data[MemberOut]:
    """One member, with all that they may."""
    return _shown(actor, member_id)


@router.patch("/{member_id}", responses=refuses(HTTPStatus.CONFLICT))
def update(
    organization_id: UUID, member_id: UUID, body: RoleChoice, actor: Manager
) -> Data[MemberOut]:
    """Give a member another role, one below your own; owners alone make owners."""
    assign_role(begin, utc_now, actor=actor, member_id=member_id, wanted=body.wanted)
    return _shown(actor, member_id)


@router.delete("/{member_id}", status_code=204, responses=refuses(HTTPStatus.CONFLICT))
def delete(organization_id: UUID, member_id: UUID, actor: Manager) -> None:
    """Remove a member; their sessions here and the keys that act as them end."""
    with everywhere():  # what else they belong to decides what becomes of them
        remove_member(begin, utc_now, actor=actor, member_id=member_id)


@router.put("/{member_id}/grants")
def set_all(
    organization_id: UUID, member_id: UUID, body: Grants, actor: Granter
) -> Data[MemberOut]:
    """Say which permissions a member holds beside what their role says, all of them at once."""
    set_grants(begin, utc_now, actor=actor, member_id=member_id, permissions=body.permissions)
    return _shown(actor, member_id)


@router.put("/{member_id}/grants/{permission}", responses=refuses(HTTPStatus.BAD_REQUEST))
def grant(
    organization_id: UUID, member_id: UUID, permission: str, actor: Granter
) -> Data[MemberOut]:
    """Give a member one permission beside what their role says."""
    grant_permission(begin, utc_now, actor=actor, member_id=member_id, permission=permission)
    return _shown(actor, member_id)


@router.delete("/{member_id}/grants/{permission}", status_code=204)
def revoke(organization_id: UUID, member_id: UUID, permission: str, actor: Granter) -> None:
    """Take back what was given beside the role."""
    revoke_permission(begin, utc_now, actor=actor, member_id=member_id, permission=permission)


@of_users.patch("/{member_id}/roles", responses=refuses(HTTPStatus.CONFLICT))
def update_roles(member_id: UUID, body: RoleChoice, actor: Manager) -> Data[MemberOut]:
    """Give a member of the caller's organization another role."""
    assign_role(begin, utc_now, actor=actor, member_id=member_id, wanted=body.wanted)
    return _shown(actor, member_id)


@of_users.patch("/{member_id}/permissions")
def update_permissions(member_id: UUID, body: Grants, actor: Granter) -> Data[MemberOut]:
    """Say which permissions a member of the caller's organization holds beside their role."""
    set_grants(begin, utc_now, actor=actor, member_id=member_id, permissions=body.permissions)
    return _shown(actor, member_id)


def _shown(actor: Actor, member_id: UUID) -> Data[MemberOut]:
    return Data[MemberOut].of(MemberOut.of(member_queries.one_member(actor, member_id)))


app = create_app("Members")
app.include_router(router)
app.include_router(of_users)
handler = lambda_handler(app)
