"""A person with an account, and the states of that account."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.kernel.errors import PermissionDenied, RuleViolation
from shared.kernel.ids import new_id


class UserStatus(StrEnum):
    PENDING_APPROVAL = "pending_approval"
    ACTIVE = "active"
    REJECTED = "rejected"
    DISABLED = "disabled"


class AuthMethod(StrEnum):
    """How the account came to be; `KEY` is a service account, which no person signs in to."""

    PASSWORD = "password"  # noqa: S105 a word
    OAUTH = "oauth"
    KEY = "key"


@dataclass(kw_only=True, eq=False)
class User:
    """`is_root` is a flag of the platform: root may do everything, in every organization.

    `password_hash` is `None` for a person who signs in elsewhere.
    """

    id: UUID
    email: str
    password_hash: str | None = field(repr=False)
    name: str
    status: UserStatus
    is_root: bool
    timezone: str
    locale: str
    created_at: datetime
    updated_at: datetime
    auth_method: AuthMethod = AuthMethod.PASSWORD
    avatar_url: str | None = None
    approved_by: UUID | None = None
    approved_at: datetime | None = None
    rejected_by: UUID | None = None
    rejected_at: datetime | None = None
    email_verified_at: datetime | None = None
    password_changed_at: datetime | None = None
    last_login_at: datetime | None = None
    deleted_at: datetime | None = None

    @classmethod
    def register(
        cls,
        *,
        email: str,
        password_hash: str,
        name: str,
        timezone: str,
        locale: str,
        is_root: bool,
        status: UserStatus,
        now: datetime,
    ) -> "User":
        return cls(
            id=new_id(),
            email=email,
            password_hash=password_hash,
            name=name,
            status=status,
            is_root=is_root,
            timezone=timezone,
            locale=locale,
            created_at=now,
            updated_at=now,
        )

    def approve(self, *, approved_by: UUID, now: datetime) -> None:
        """Let a registered person in.

        Raises:
            RuleViolation: `USER_NOT_PENDING`.
        """
        if self.status is not UserStatus.PENDING_APPROVAL:
            raise RuleViolation("USER_NOT_PENDING", "This user does not wait for approval")
        self.status = UserStatus.ACTIVE
        self.approved_by = approved_by
        self.approved_at = self.updated_at = now

    def log_in(self, *, now: datetime, password_hash: str) -> None:
        """Note a login; `password_hash` is of the password just proved, perhaps made anew.

        Raises:
            PermissionDenied: see `demand_active`.
        """
        demand_active(self.status)
        self.last_login_at = now
        self.password_hash = password_hash


def demand_active(status: UserStatus) -> None:
    """Refuse everybody but active users.

    Raises:
        PermissionDenied: `ACCOUNT_PENDING_APPROVAL`, `ACCOUNT_REJECTED` or `ACCOUNT_DISABLED`.
    """
    match status:
        case UserStatus.PENDING_APPROVAL:
            raise PermissionDenied("ACCOUNT_PENDING_APPROVAL", "This account waits for approval")
        case UserStatus.REJECTED:
            raise PermissionDenied("ACCOUNT_REJECTED", "This account was not admitted")
        case UserStatus.DISABLED:
            raise PermissionDenied("ACCOUNT_DISABLED", "This account is disabled")
