"""Models that the functions of identity share."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, StringConstraints, WithJsonSchema

from shared.identity.domain.email import normalise_email
from shared.identity.domain.profile import MembershipView, Profile
from shared.identity.domain.roles import Role
from shared.identity.domain.user import UserStatus

_EMAIL_LENGTH = 320


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


class OrganizationOut(BaseModel):
    """The organization a session acts in, and the user's role there."""

    id: UUID
    name: str
    role: Role


class UserOut(BaseModel):
    """A user; `roles` and `permissions` hold in their `organization`."""

    id: UUID
    email: str
    name: str
    avatar_url: str | None
    auth_method: str
    status: UserStatus
    is_root: bool
    timezone: str
    locale: str
    roles: list[Role]
    permissions: list[str]
    organization: OrganizationOut
    created_at: datetime
    last_login_at: datetime | None

    @classmethod
    def of(cls, profile: Profile, membership: MembershipView | None = None) -> "UserOut":
        """As seen in one organization, by default their own."""
        membership = membership or profile.memberships[0]
        return cls(
            id=profile.id,
            email=profile.email,
            name=profile.name,
            avatar_url=profile.avatar_url,
            auth_method=profile.auth_method,
            status=profile.status,
            is_root=profile.is_root,
            timezone=profile.timezone,
            locale=profile.locale,
            roles=[membership.role],
            permissions=sorted(profile.permissions(membership)),
            organization=OrganizationOut(
                id=membership.organization_id,
                name=membership.organization_name,
                role=membership.role,
            ),
            created_at=profile.created_at,
            last_login_at=profile.last_login_at,
        )
