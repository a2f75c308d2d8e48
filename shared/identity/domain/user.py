"""A person with an account, and the states of that account."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.kernel.errors import PermissionDenied, RuleViolation
from shared.kernel.ids import new_id


class UserStatus(StrEnum):
    PENDING_VERIFICATION = "pending_verification"
    """The address is to be proved first, where that is demanded of whoever registers."""
    PENDING_APPROVAL = "pending_approval"
    ACTIVE = "active"
    REJECTED = "rejected"
    DISABLED = "disabled"


class AuthMethod(StrEnum):
    """How the account came to be; `KEY` is a service account, which no person signs in to."""

    PASSWORD = "password"  # noqa: S105 a word
    OAUTH = "oauth"
    KEY = "key"


ERASED_NAME = "Erased"


def erased_address(user_id: UUID) -> str:
    """Nobody's: the domain is reserved, and no mail ever leaves for it (RFC 2606)."""
    return f"{user_id}@erased.invalid"


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

    @classmethod
    def register_externally(
        cls,
        *,
        email: str,
        name: str,
        avatar_url: str | None,
        timezone: str,
        locale: str,
        is_root: bool,
        status: UserStatus,
        now: datetime,
    ) -> "User":
        """A person who signs in elsewhere, where the address was verified."""
        return cls(
            id=new_id(),
            email=email,
            password_hash=None,
            name=name,
            status=status,
            is_root=is_root,
            timezone=timezone,
            locale=locale,
            created_at=now,
            updated_at=now,
            auth_method=AuthMethod.OAUTH,
            avatar_url=avatar_url,
            email_verified_at=now,
        )

    def approve(self, *, approved_by: UUID, now: datetime) -> None:
        """Let a registered person in; one who was rejected may be thought over.

        Raises:
            RuleViolation: `USER_NOT_PENDING`.
        """
        if self.status not in {UserStatus.PENDING_APPROVAL, UserStatus.REJECTED}:
            raise RuleViolation("USER_NOT_PENDING", "This user does not wait for approval")
        self.status = UserStatus.ACTIVE
        self.approved_by = approved_by
        self.approved_at = self.updated_at = now

    def reject(self, *, rejected_by: UUID, now: datetime) -> None:
        """Do not let a registered person in.

        Raises:
            RuleViolation: `USER_NOT_PENDING`.
        """
        if self.status not in {UserStatus.PENDING_APPROVAL, UserStatus.PENDING_VERIFICATION}:
            raise RuleViolation("USER_NOT_PENDING", "This user does not wait for approval")
        self.status = UserStatus.REJECTED
        self.rejected_by = rejected_by
        self.rejected_at = self.updated_at = now

    def disable(self, *, now: datetime) -> None:
        """Shut somebody out who was in, so that to enable them again lets nobody in unapproved.

        Raises:
            RuleViolation: `CANNOT_DISABLE_ROOT` or `USER_NOT_ACTIVE`.
        """
        if self.is_root:
            raise RuleViolation("CANNOT_DISABLE_ROOT", "Root cannot be disabled")
        if self.status is not UserStatus.ACTIVE:
            raise RuleViolation("USER_NOT_ACTIVE", "Only an active user can be disabled")
        self.status = UserStatus.DISABLED
        self.updated_at = now

    def enable(self, *, now: datetime) -> None:
        """Let somebody in again who was disabled.

        Raises:
            RuleViolation: `USER_NOT_DISABLED`.
        """
        if self.status is not UserStatus.DISABLED:
            raise RuleViolation("USER_NOT_DISABLED", "This user is not disabled")
        self.status = UserStatus.ACTIVE
        self.updated_at = now

    def delete(self, *, now: datetime) -> None:
        """Close the account; from now on its address is free.

        Raises:
            RuleViolation: `CANNOT_DELETE_ROOT`.
        """
        if self.is_root:
            raise RuleViolation("CANNOT_DELETE_ROOT", "Root cannot be deleted")
        self.deleted_at = self.updated_at = now

    def restore(self, *, now: datetime) -> None:
        """Open a deleted account again, in the state it was in.

        Raises:
            RuleViolation: `USER_ERASED`; nobody knows any more whose it was.
        """
        if self.email == erased_address(self.id):
            raise RuleViolation("USER_ERASED", "This person was erased, and does not come back")
        self.deleted_at = None
        self.updated_at = now

    def verify_email(self, *, admitted_as: UserStatus, now: datetime) -> bool:
        """Note that the address is the person's own; answers whether that is news.

        `admitted_as` is what they become who waited for nothing else.
        """
        if self.email_verified_at is not None:
            return False
        self.email_verified_at = self.updated_at = now
        if self.status is UserStatus.PENDING_VERIFICATION:
            self.status = admitted_as
        return True

    def change_password(self, password_hash: str, *, now: datetime) -> None:
        self.password_hash = password_hash
        self.password_changed_at = self.updated_at = now

    def lose_password(self, *, now: datetime) -> None:
        """From now on the old one opens nothing; root's stays, for nobody could help root out.

        Raises:
            RuleViolation: `CANNOT_RESET_ROOT` or `USER_NOT_ACTIVE`.
        """
        if self.is_root:
            raise RuleViolation("CANNOT_RESET_ROOT", "Root's password is root's own")
        if self.status is not UserStatus.ACTIVE or not self.may_come_back:
            raise RuleViolation("USER_NOT_ACTIVE", "Only an active person can set a new password")
        self.password_hash = None
        self.updated_at = now

    @property
    def may_come_back(self) -> bool:
        """Whether this is a person who is in or may still be let in."""
        return self.auth_method is not AuthMethod.KEY and self.status not in {
            UserStatus.REJECTED,
            UserStatus.DISABLED,
        }

    def log_in(self, *, now: datetime) -> None:
        """Note a login.

        Raises:
            PermissionDenied: see `demand_active`.
        """
        demand_active(self.status)
        self.last_login_at = now


def demand_proved_address(user: User) -> None:
    """Refuse further ways in to whoever has not shown that they read the mail of their address.

    Somebody else's may be registered by anybody. What a stranger prepares there would be theirs
    still when the owner comes; and taking it away from its owner then, because it might be a
    stranger's, would let the mailbox alone open an account with a second factor. Root is exempt:
    nobody was there before the first, and an installation need not be able to send mail.

    Raises:
        PermissionDenied: `EMAIL_NOT_VERIFIED`.
    """
    if user.email_verified_at is None and not user.is_root:
        raise PermissionDenied(
            "EMAIL_NOT_VERIFIED", "Verify the e-mail address of your account first"
        )


def demand_active(status: UserStatus) -> None:
    """Refuse everybody but active users.

    Raises:
        PermissionDenied: `ACCOUNT_PENDING_VERIFICATION`, `ACCOUNT_PENDING_APPROVAL`,
            `ACCOUNT_REJECTED` or `ACCOUNT_DISABLED`.
    """
    match status:
        case UserStatus.PENDING_VERIFICATION:
            raise PermissionDenied(
                "ACCOUNT_PENDING_VERIFICATION", "The e-mail address is to be verified"
            )
        case UserStatus.PENDING_APPROVAL:
            raise PermissionDenied("ACCOUNT_PENDING_APPROVAL", "This account waits for approval")
        case UserStatus.REJECTED:
            raise PermissionDenied("ACCOUNT_REJECTED", "This account was not admitted")
        case UserStatus.DISABLED:
            raise PermissionDenied("ACCOUNT_DISABLED", "This account is disabled")
