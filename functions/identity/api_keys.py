"""API keys over HTTP: what programs prove themselves with, shown once.

Everybody keeps keys that act as themselves: to use one's own permissions from a program takes no
further permission. Whoever holds `api_keys:read` sees all keys of the organization; whoever holds
`api_keys:manage` revokes any of them, and makes keys for service accounts. Nobody sees, makes or
rotates a key that acts as another person. All of it takes a person in a session: a key that was
stolen makes no other keys.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import AwareDatetime, BaseModel, Field, SecretStr

from functions.dependencies import in_session
from functions.envelopes import Data, Listed
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from shared.identity.adapters import key_queries as queries
from shared.identity.adapters.api_key_texts import RandomKeys
from shared.identity.adapters.attempt_limits import attempt_limits
from shared.identity.adapters.channels import CatalogueChannels
from shared.identity.adapters.passwords import passwords
from shared.identity.adapters.postgres import begin
from shared.identity.application.keys.create_api_key import create_api_key
from shared.identity.application.keys.revoke_api_key import revoke_api_key
from shared.identity.application.keys.rotate_api_key import rotate_api_key
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user import AuthMethod
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now
from shared.kernel.paging import Page, Paging

router = Router(prefix="/api/v1/api-keys", tags=["api_keys"], route_class=IdempotentRoute)

Person = Annotated[SignedIn, in_session]
_READ, _MANAGE = "api_keys:read", "api_keys:manage"
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)


class _Proof(BaseModel):
    """`password` may be left out within ten minutes of signing in."""

    password: SecretStr | None = Field(None, min_length=1, examples=["Correct-Horse-1"])

    @property
    def shown(self) -> str | None:
        return self.password.get_secret_value() if self.password else None


class CreateApiKey(_Proof):
    """`channels` are the only ones it may use, by default all; without `expires_at` it lasts.

    `password` may be left out within ten minutes of signing in.
    """

    name: str = Field(max_length=1000, examples=["Nightly import"])
    scopes: list[str] = Field(min_length=1, max_length=100, examples=[["posts:read"]])
    channels: list[str] | None = Field(
        None, min_length=1, max_length=100, examples=[["mastodon", "bluesky"]]
    )
    expires_at: AwareDatetime | None = Field(None, description="Within ten years")
    service_account_id: UUID | None = Field(None, description="By default it acts as you")


class RotateApiKey(_Proof):
    """`password` may be left out within ten minutes of signing in."""


class ListApiKeys(BaseModel):
    service_account_id: UUID | None = None
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=10_000)


class KeyStatus(StrEnum):
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class PrincipalOut(BaseModel):
    """Whom a key acts as."""

    id: UUID
    name: str
    is_service_account: bool


class ApiKeyOut(BaseModel):
    """`prefix` is how the key begins; `last_used_at` lags behind by a minute or so."""

    id: UUID
    name: str
    prefix: str
    status: KeyStatus
    acts_as: PrincipalOut
    scopes: list[str]
    channels: list[str] | None
    created_by: UUID
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_address: str | None
    revoked_at: datetime | None
    revoked_by: UUID | None

    @classmethod
    def of(cls, row: Any) -> "ApiKeyOut":
        return cls.model_validate({**row._mapping, **_derived(row)})  # noqa: SLF001 its public name


class ShownApiKeyOut(ApiKeyOut):
    """`key` is shown in this answer and in no other."""

    key: str


def _derived(row: Any) -> dict[str, Any]:
    has_expired = row.expires_at is not None and row.expires_at <= datetime.now(UTC)
    status = KeyStatus.EXPIRED if has_expired else KeyStatus.ACTIVE
    return {
        "status": KeyStatus.REVOKED if row.revoked_at else status,
        "acts_as": PrincipalOut(
            id=row.user_id,
            name=row.acts_as_name,
            is_service_account=row.acts_as_method == AuthMethod.KEY,
        ),
    }


def _show(actor: SignedIn, key_id: UUID, text: str, response: Response) -> Data[ShownApiKeyOut]:
    response.headers["Cache-Control"] = "no-store"
    shown = ApiKeyOut.of(queries.one_key(actor.as_member(_READ), key_id))
    return Data(data=ShownApiKeyOut(**shown.model_dump(), key=text))


@router.post("", status_code=201, responses=refuses(*_REFUSED, HTTPStatus.NOT_FOUND))
def create(body: CreateApiKey, actor: Person, response: Response) -> Data[ShownApiKeyOut]:
    """Make a key that acts as you, or as a service account, and see it once.

    Its scopes are permissions that you hold. What it may do is what they and the permissions of
    whom it acts as both say at that moment. It outlives this session, so somebody who signed in
    more than ten minutes ago sends the password, too.
    """
    shown = create_api_key(
        begin,
        passwords(),
        RandomKeys(tokens()),
        CatalogueChannels(),
        attempt_limits(),
        utc_now,
        actor=actor.as_member(_MANAGE),
        name=body.name,
        scopes=body.scopes,
        usable=body.channels,
        expires_at=body.expires_at,
        service_account_id=body.service_account_id,
        password=body.shown,
    )
    return _show(actor, shown.key.id, shown.text, response)


@router.get("")
def list_(actor: Person, wanted: Annotated[ListApiKeys, Query()]) -> Listed[ApiKeyOut]:
    """Your keys, or with `api_keys:read` all of the organization, the newest first."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = queries.page_of_keys(
        actor.as_member(_READ), service_account_id=wanted.service_account_id, paging=paging
    )
    keys: Sequence[ApiKeyOut] = [ApiKeyOut.of(row) for row in page.items]
    return Listed[ApiKeyOut].of(Page(items=keys, total=page.total), paging)


@router.get("/{api_key_id}")
def get(api_key_id: UUID, actor: Person) -> Data[ApiKeyOut]:
    """One key, good or not."""
    return Data(data=ApiKeyOut.of(queries.one_key(actor.as_member(_READ), api_key_id)))


@router.post(
    "/{api_key_id}/rotate",
    responses=refuses(*_REFUSED, HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT),
)
def rotate(
    api_key_id: UUID, actor: Person, response: Response, body: RotateApiKey | None = None
) -> Data[ShownApiKeyOut]:
    """Put a new key in its place, with a new id, and see that once; the old one ends at once.

    Somebody who signed in more than ten minutes ago sends the password, too.
    """
    shown = rotate_api_key(
        begin,
        passwords(),
        RandomKeys(tokens()),
        attempt_limits(),
        utc_now,
        actor=actor.as_member(_MANAGE),
        key_id=api_key_id,
        password=body.shown if body else None,
    )
    return _show(actor, shown.key.id, shown.text, response)


@router.delete("/{api_key_id}", status_code=204)
def revoke(api_key_id: UUID, actor: Person) -> None:
    """Make a key worth nothing, at once and for good."""
    revoke_api_key(begin, utc_now, actor=actor.as_member(_MANAGE), key_id=api_key_id)


app = create_app("API keys")
app.include_router(router)
handler = lambda_handler(app)
