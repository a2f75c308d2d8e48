"""Service accounts over HTTP: members that are no people, which programs act as by API keys."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from functions.dependencies import in_session, requires
from functions.envelopes import Data, Listed
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from shared.identity.adapters import key_queries as queries
from shared.identity.adapters.postgres import begin
from shared.identity.application.keys.change_service_account import change_service_account
from shared.identity.application.keys.create_service_account import create_service_account
from shared.identity.application.keys.delete_service_account import delete_service_account
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.roles import Role
from shared.identity.domain.user import UserStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Page, Paging

router = Router(
    prefix="/api/v1/service-accounts", tags=["service_accounts"], route_class=IdempotentRoute
)

Reader = Annotated[Actor, requires("api_keys:read")]
Keeper = Annotated[SignedIn, requires("api_keys:manage")]


class CreateServiceAccount(BaseModel):
    """`role` is a built-in one below your own."""

    name: str = Field(max_length=1000, examples=["Nightly import"])
    role: Role = Field(Role.USER, examples=["user"])


class UpdateServiceAccount(BaseModel):
    """What is absent or null stays."""

    name: str | None = Field(None, max_length=1000, examples=["Weekly import"])
    role: Role | None = Field(None, examples=["editor"])


class ListServiceAccounts(BaseModel):
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000)


class ServiceAccountOut(BaseModel):
    """`role` may be the slug of a custom one."""

    id: UUID
    name: str
    role: str
    status: UserStatus
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: Any) -> "ServiceAccountOut":
        shown = row._mapping  # noqa: SLF001 its public name
        return cls.model_validate({**shown, "role": queries.role_of(row)})


def _show(actor: Actor, account_id: UUID) -> Data[ServiceAccountOut]:
    return Data(data=ServiceAccountOut.of(queries.one_service_account(actor, account_id)))


@router.post("", status_code=201, dependencies=[in_session])
def create(body: CreateServiceAccount, actor: Keeper) -> Data[ServiceAccountOut]:
    """Make an account for a program, which may what its role says as soon as it has a key."""
    account_id = create_service_account(begin, utc_now, actor=actor, name=body.name, role=body.role)
    return _show(actor, account_id)


@router.get("")
def list_(
    actor: Reader, wanted: Annotated[ListServiceAccounts, Query()]
) -> Listed[ServiceAccountOut]:
    """The organization's service accounts, the newest first."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = queries.page_of_service_accounts(actor, paging)
    accounts = [ServiceAccountOut.of(row) for row in page.items]
    return Listed[ServiceAccountOut].of(Page(items=accounts, total=page.total), paging)


@router.get("/{service_account_id}")
def get(service_account_id: UUID, actor: Reader) -> Data[ServiceAccountOut]:
    """One service account."""
    return _show(actor, service_account_id)


@router.patch("/{service_account_id}", dependencies=[in_session])
def update(
    service_account_id: UUID, body: UpdateServiceAccount, actor: Keeper
) -> Data[ServiceAccountOut]:
    """Give it another name or role; its keys may do what the role says from now on."""
    change_service_account(
        begin,
        utc_now,
        actor=actor,
        account_id=service_account_id,
        name=body.name,
        role=body.role,
    )
    return _show(actor, service_account_id)


@router.delete(
    "/{service_account_id}",
    status_code=204,
    dependencies=[in_session],
    responses=refuses(HTTPStatus.CONFLICT),
)
def delete(service_account_id: UUID, actor: Keeper) -> None:
    """Delete it and revoke its keys; what it wrote stays, what it scheduled leaves no more."""
    delete_service_account(begin, utc_now, actor=actor, account_id=service_account_id)


app = create_app("Service accounts")
app.include_router(router)
handler = lambda_handler(app)
