"""What identity needs from outside, in its own words."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shared.identity.application.external.ports import ExternalIdentities
from shared.identity.application.keys.ports import ApiKeys
from shared.identity.application.organizations.ports import (
    CustomRoles,
    Grants,
    Invitations,
    Memberships,
    Profiles,
)
from shared.identity.application.passkeys.ports import Passkeys
from shared.identity.application.second_factor.ports import SecondFactors
from shared.identity.domain.attempts import Attempt
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.identity.domain.organization import Membership, Organization, SessionPolicy
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.user import User
from shared.identity.domain.user_session import UserSession
from shared.kernel import happenings
from shared.kernel.ids import OrganizationId


class Users(Protocol):
    def claim_first_place(self) -> bool:
        """True for whoever registers before anybody ever did; the others wait and get False."""

    def add(self, user: User) -> None:
        """Add somebody new.

        Raises:
            Conflict: `EMAIL_ALREADY_REGISTERED`.
        """

    def by_email(self, email: str) -> User | None:
        """A live user; `email` is normalised."""

    def get(self, user_id: UUID) -> User | None:
        """A live user."""

    def get_for_update(self, user_id: UUID) -> User | None:
        """A live user, locked until the unit of work ends."""

    def deleted_for_update(self, user_id: UUID) -> User | None:
        """A deleted user, locked until the unit of work ends."""

    def bring_back(self, user: User) -> None:
        """Write a user that is no longer deleted.

        Raises:
            Conflict: `EMAIL_ALREADY_REGISTERED`; somebody else has the address by now.
        """


class Organizations(Protocol):
    def add(self, organization: Organization, owner: Membership) -> None: ...

    def of(self, user_id: UUID) -> list[MembershipView]:
        """Where the user belongs, oldest first."""

    def session_policy(self, organization_id: OrganizationId) -> SessionPolicy: ...

    def exists(self, organization_id: UUID) -> bool: ...

    def get_for_update(self, organization_id: OrganizationId) -> Organization | None:
        """Locked until the unit of work ends, and with it who belongs to it and as what."""


class UserSessions(Protocol):
    def add(self, session: UserSession) -> None: ...

    def get_for_update(self, session_id: UUID) -> UserSession | None:
        """A session, ended or not, locked until the unit of work ends."""

    def open_ones(self, user_id: UUID) -> list[UserSession]:
        """The user's sessions that nobody has ended, locked until the unit of work ends."""

    def latest_version(self, user_id: UUID) -> int:
        """Of all the user's sessions; 0 without any."""


class OneTimeTokens(Protocol):
    def add(self, token: OneTimeToken) -> None: ...

    def owner(self, purpose: TokenPurpose, token_hash: str) -> UUID | None:
        """Whose token it is, to lock them before it."""

    def get_for_update(self, purpose: TokenPurpose, token_hash: str) -> OneTimeToken | None:
        """Used, expired or good, locked until the unit of work ends."""

    def use_all(self, user_id: UUID, *purposes: TokenPurpose, now: datetime) -> None:
        """Those that are still good open nothing from now on."""


class Happenings(happenings.Happenings, Protocol):
    def record_nobodys(self) -> None:
        """Tell of nothing, but take as long: who waits must not learn that there is nobody."""


class Outbox(Protocol):
    """What is to be done once the unit of work is committed."""

    def mail(
        self,
        template: str,
        *,
        to: str,
        locale: str,
        organization_id: OrganizationId,
        at: datetime,
        parameters: Mapping[str, Any],
    ) -> None: ...

    def mail_nobody(self, template: str, *, parameters: Mapping[str, Any]) -> None:
        """As much work as `mail`, and nothing comes of it."""

    def audit_sign_up(
        self, sign_up: Mapping[str, Any], *, organization_id: OrganizationId, at: datetime
    ) -> None: ...


class IdentityUnitOfWork(Protocol):
    @property
    def users(self) -> Users: ...

    @property
    def organizations(self) -> Organizations: ...

    @property
    def memberships(self) -> Memberships: ...

    @property
    def custom_roles(self) -> CustomRoles: ...

    @property
    def grants(self) -> Grants: ...

    @property
    def invitations(self) -> Invitations: ...

    @property
    def profiles(self) -> Profiles: ...

    @property
    def sessions(self) -> UserSessions: ...

    @property
    def one_time_tokens(self) -> OneTimeTokens: ...

    @property
    def second_factors(self) -> SecondFactors: ...

    @property
    def passkeys(self) -> Passkeys: ...

    @property
    def api_keys(self) -> ApiKeys: ...

    @property
    def external_identities(self) -> ExternalIdentities: ...

    @property
    def happenings(self) -> Happenings: ...

    @property
    def outbox(self) -> Outbox: ...


Begin = Callable[[], AbstractContextManager[IdentityUnitOfWork]]


class Passwords(Protocol):
    def hash(self, password: str) -> str: ...

    def matches(self, password: str, password_hash: str | None) -> bool:
        """Takes equally long whether or not there is a hash to compare with."""

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made by a weaker setting than today's."""


@dataclass(frozen=True, kw_only=True)
class TokenPair:
    """`expires_in` is the access token's life in seconds; the hash is of the refresh token."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    refresh_token_hash: str = field(repr=False)
    refresh_expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefreshToken:
    """A proven refresh token, not yet known to be the session's current one."""

    user_id: UUID
    organization_id: OrganizationId
    session_id: UUID
    hash: str = field(repr=False)


class SessionTokens(Protocol):
    def issue(
        self, *, user_id: UUID, organization_id: OrganizationId, session_id: UUID, now: datetime
    ) -> TokenPair: ...

    def read_refresh_token(self, token: str) -> RefreshToken:
        """Prove a refresh token.

        Raises:
            Unauthenticated: `INVALID_TOKEN`.
        """


class OneTimeSecrets(Protocol):
    """Secrets for links and steps: given away once, kept as a keyed hash."""

    def new(self) -> tuple[str, str]:
        """A secret and its hash."""

    def hash(self, secret: str) -> str: ...


class Links(Protocol):
    """Pages of the front end, with the secret they need."""

    def verify_email(self, token: str) -> str: ...

    def reset_password(self, token: str) -> str: ...

    def accept_invitation(self, token: str) -> str: ...

    def external_callback(self, provider: str, **said: str) -> str: ...


class AttemptLimits(Protocol):
    """Counters of what may be tried a few times only, see `shared.identity.domain.attempts`."""

    def check(self, *attempts: Attempt) -> None:
        """Count nothing.

        Raises:
            LimitExceeded: `TOO_MANY_ATTEMPTS`; one of the limits is used up.
        """

    def count(self, *attempts: Attempt) -> None:
        """Count all of them, whichever limit is used up.

        Raises:
            LimitExceeded: `TOO_MANY_ATTEMPTS`; this was one too many.
        """

    def left(self, attempt: Attempt) -> int:
        """How many there still are; counts nothing."""

    def forget(self, attempt: Attempt) -> None:
        """Begin to count anew."""


@dataclass(frozen=True, kw_only=True)
class Device:
    """Where a request came from, as the gateway saw it."""

    address: str
    user_agent: str
