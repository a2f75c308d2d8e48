"""Models that the functions of identity share."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    UrlConstraints,
    WithJsonSchema,
)

from shared.identity.domain.email import normalise_email
from shared.identity.domain.name import MAXIMUM_NAME
from shared.identity.domain.profile import MembershipView, Profile
from shared.identity.domain.user import UserStatus

_EMAIL_LENGTH = 320
_URL_LENGTH = 2048


def _email_address(text: str) -> str:
    try:
        return normalise_email(
            validate_email(normalise_email(text), check_deliverability=False).normalized
        )
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error


EmailAddress = Annotated[
    str,
    StringConstraints(max_length=_EMAIL_LENGTH),
    AfterValidator(_email_address),
    WithJsonSchema(
        {
            "type": "string",
            "format": "email",
            "maxLength": _EMAIL_LENGTH,
            "examples": ["ada@example.com"],
        }
    ),
]


Locale = Annotated[
    str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")
]
"""A language and perhaps more, such as a region (BCP 47)."""


class MessageOut(BaseModel):
    message: str


class SessionsRevokedOut(MessageOut):
    """`sessions_revoked` is how many sessions ended."""

    sessions_revoked: int


class ChangeProfile(BaseModel):
    """What is not sent stays; `avatar_url` may be null. `name` loses its tags."""

    name: str | None = Field(
        None, examples=["Ada King"], json_schema_extra={"maxLength": MAXIMUM_NAME}
    )
    timezone: str | None = Field(None, examples=["Europe/Berlin"])
    locale: Locale | None = Field(None, examples=["de-AT"])
    avatar_url: Annotated[HttpUrl, UrlConstraints(max_length=_URL_LENGTH)] | None = Field(
        None, examples=["https://example.com/ada.png"]
    )

    def changes(self) -> dict[str, str | None]:
        return self.model_dump(mode="json", exclude_unset=True)


class OrganizationOut(BaseModel):
    """The organization a session acts in, and the user's role there: a built-in one or a slug."""

    id: UUID
    name: str
    role: str

    @classmethod
    def of(cls, membership: MembershipView) -> "OrganizationOut":
        return cls(
            id=membership.organization_id,
            name=membership.organization_name,
            role=membership.role_name,
        )


class IdentityOut(BaseModel):
    """An account somewhere else that opens the user's own."""

    model_config = ConfigDict(from_attributes=True)

    provider: str
    email: str
    name: str | None
    created_at: datetime
    last_used_at: datetime | None


class UserOut(BaseModel):
    """A user; `roles` and `permissions` hold in their `organization`."""

    id: UUID
    email: str
    email_verified: bool
    name: str
    avatar_url: str | None
    auth_method: str
    status: UserStatus
    is_root: bool
    timezone: str
    locale: str
    roles: list[str]
    permissions: list[str]
    organization: OrganizationOut
    created_at: datetime
    last_login_at: datetime | None

    @classmethod
    def of(
        cls,
        profile: Profile,
        membership: MembershipView | None = None,
        *,
        may: Collection[str] | None = None,
    ) -> "UserOut":
        """As seen in one organization, by default their own; `may` overrides what they may."""
        membership = membership or profile.memberships[0]
        return cls(
            id=profile.id,
            email=profile.email,
            email_verified=profile.email_verified,
            name=profile.name,
            avatar_url=profile.avatar_url,
            auth_method=profile.auth_method,
            status=profile.status,
            is_root=profile.is_root,
            timezone=profile.timezone,
            locale=profile.locale,
            roles=[membership.role_name],
            permissions=sorted(profile.permissions(membership) if may is None else may),
            organization=OrganizationOut.of(membership),
            created_at=profile.created_at,
            last_login_at=profile.last_login_at,
        )
