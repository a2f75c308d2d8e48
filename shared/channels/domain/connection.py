"""A connection: one account at one network, which an organization may publish to.

An account has one connection in an organization, ever: connecting it again revives the same row,
so that what hangs on its id stays.

    connected ⇄ error          the network refuses its credentials; proved or connected again
    connected, error → disconnected → connected

Credentials that expire are renewed under a lease, by one worker at a time. Whoever stores other
credentials meanwhile ends the lease, so that a renewal never overwrites what a person has done.
Where only a person can get others, they are left alone until they expire: the renewal that is tried
then is refused, and the connection is in error.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from shared.channels.domain.kept_application import KeptApplication
from shared.channels.domain.provider import Account, ProviderError
from shared.channels.domain.renewal import LEASE, only_a_person_helps, renewed_at, tried_again_at
from shared.channels.domain.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id

NAME_LENGTH = 200
MESSAGE_LENGTH = 500
URL_LENGTH = 2000
_UNPRINTABLE = {"Cc", "Cs"}  # control characters and lone surrogates


class Status(StrEnum):
    CONNECTED = "connected"
    ERROR = "error"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, kw_only=True)
class RenewalClaim:
    """The right to renew these credentials until `leased_until`, as that application if any."""

    connection_id: UUID
    channel: str
    sealed: Sealed
    leased_until: datetime
    application: KeptApplication | None = None


class ConnectionChanges(TypedDict, total=False):
    """What is absent stays; without a `daily_cap` the network's quotas alone bound it."""

    display_name: str
    lateness_minutes: int
    minimum_gap_seconds: int
    daily_cap: int | None


@dataclass(kw_only=True, eq=False)
class Connection:
    """`channel` is the slug of the network; `limits` are the account's own, where it has some.

    `token_expires_at` is of credentials that expire. `next_refresh_at` is when to renew them, never
    while only a person can help; `refresh_attempts` have failed since they were given.
    `application_id` is what it was connected through, `grant_id` the consent that it shares with
    what else was chosen then; neither where somebody typed the credentials.
    The owner decides how late a post may still leave, how long after the one before it, and how
    many may within 24 hours.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    channel: str
    external_account_id: str
    created_at: datetime
    updated_at: datetime
    display_name: str = ""
    account_username: str = ""
    account_url: str | None = None
    account_avatar: str | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    status: Status = Status.DISCONNECTED
    error_message: str | None = None
    credentials: bytes | None = field(default=None, repr=False)
    credentials_key_id: str | None = None
    last_used_at: datetime | None = None
    disconnected_at: datetime | None = None
    token_expires_at: datetime | None = None
    next_refresh_at: datetime | None = None
    refresh_attempts: int = 0
    refresh_lease_until: datetime | None = None
    application_id: UUID | None = None
    grant_id: UUID | None = None
    lateness_minutes: int = 60
    minimum_gap_seconds: int = 0
    daily_cap: int | None = None

    @classmethod
    def new(
        cls, *, actor: Actor, channel: str, external_account_id: str, now: datetime
    ) -> "Connection":
        """A connection that nobody has proved yet; it is not to be stored before `prove`."""
        return cls(
            id=new_id(),
            organization_id=actor.organization_id,
            created_by=actor.user_id,
            channel=channel,
            external_account_id=external_account_id,
            created_at=now,
            updated_at=now,
        )

    def demand_renewable(self) -> None:
        """Refuse to connect an account again that is connected and works.

        Raises:
            Conflict: `CONNECTION_ALREADY_EXISTS`.
        """
        if self.status == Status.CONNECTED:
            raise Conflict(
                "CONNECTION_ALREADY_EXISTS",
                "This account is connected already",
                meta={"connection_id": str(self.id)},
            )

    def sealed(self) -> Sealed:
        """Its credentials.

        Raises:
            Conflict: `CONNECTION_DISCONNECTED`, it has none any more.
        """
        if self.credentials is None or self.credentials_key_id is None:
            raise Conflict("CONNECTION_DISCONNECTED", "This account is disconnected: connect it")
        return Sealed(key_id=self.credentials_key_id, text=self.credentials)

    def prove(self, account: Account, sealed: Sealed, now: datetime) -> None:
        """Take what the network has just said about the account, and the credentials it took.

        Raises:
            Conflict: `CONNECTION_ACCOUNT_CHANGED`, they are now another account's.
        """
        if account.external_id != self.external_account_id:
            raise Conflict(
                "CONNECTION_ACCOUNT_CHANGED", "These credentials are now another account's"
            )
        self.account_username = printable(account.username, NAME_LENGTH)
        self.account_url = web_address(account.url)
        self.account_avatar = web_address(account.avatar_url)
        self.limits = dict(account.limits)
        self.renew(sealed, account.expires_at, now)
        if not account.renewable:
            self.next_refresh_at = self.token_expires_at

    def come_through(self, application_id: UUID | None, grant_id: UUID | None) -> None:
        """Remember by which application and which consent its credentials were given."""
        self.application_id = application_id
        self.grant_id = grant_id

    def name(self, *names: str | None) -> None:
        """Take the first of `names` of which something can be shown."""
        shown = (printable(one, NAME_LENGTH).strip() for one in names if one)
        self.display_name = next(filter(None, shown), self.external_account_id[:NAME_LENGTH])

    def change(self, changes: ConnectionChanges, now: datetime) -> None:
        """Change what is given, whether it is connected or not."""
        self.name(changes.get("display_name"), self.display_name)
        self.lateness_minutes = changes.get("lateness_minutes", self.lateness_minutes)
        self.minimum_gap_seconds = changes.get("minimum_gap_seconds", self.minimum_gap_seconds)
        self.daily_cap = changes.get("daily_cap", self.daily_cap)
        self.updated_at = now

    def fail(self, message: str, now: datetime) -> None:
        """The network no longer takes its credentials."""
        self.status = Status.ERROR
        self.error_message = printable(message, MESSAGE_LENGTH)
        self.next_refresh_at = self.refresh_lease_until = None
        self.updated_at = now

    def claim_renewal(self, now: datetime) -> RenewalClaim:
        """Begin to renew the credentials, due or not.

        Raises:
            Conflict: `CONNECTION_DISCONNECTED`, `CONNECTION_NOT_REFRESHABLE` where they do not
                expire or only a person can renew them, or `CONNECTION_REFRESH_IN_PROGRESS`.
        """
        sealed = self.sealed()
        if self.token_expires_at is None and self.next_refresh_at is None:
            raise Conflict("CONNECTION_NOT_REFRESHABLE", "The credentials of this account last")
        if self.awaits_person and self.next_refresh_at is not None and self.next_refresh_at > now:
            raise Conflict("CONNECTION_NOT_REFRESHABLE", "Only connecting it again renews them")
        return RenewalClaim(
            connection_id=self.id,
            channel=self.channel,
            sealed=sealed,
            leased_until=self._lease(now),
        )

    def claim_proof(self, now: datetime) -> datetime | None:
        """Let nobody renew the credentials while they are tried, for that may renew them, too.

        Answers until when; nothing where they do not expire.

        Raises:
            Conflict: `CONNECTION_REFRESH_IN_PROGRESS`.
        """
        return self._lease(now) if self.token_expires_at is not None else None

    def let_go(self, leased_until: datetime) -> None:
        """End that lease, if it is still the one, with nothing learned."""
        if self.refresh_lease_until == leased_until:
            self.refresh_lease_until = None

    def _lease(self, now: datetime) -> datetime:
        if self.refresh_lease_until is not None and self.refresh_lease_until > now:
            raise Conflict("CONNECTION_REFRESH_IN_PROGRESS", "It is being refreshed already")
        self.refresh_lease_until = now + LEASE
        return self.refresh_lease_until

    @property
    def awaits_person(self) -> bool:
        """Whether its credentials will not be renewed before they expire."""
        return self.next_refresh_at is not None and self.next_refresh_at == self.token_expires_at

    def honours(self, claim: RenewalClaim) -> bool:
        """Whether the renewal is still that claim's, and the credentials those it began with."""
        return (
            self.refresh_lease_until == claim.leased_until
            and self.credentials == claim.sealed.text
            and self.credentials_key_id == claim.sealed.key_id
        )

    def renew(self, sealed: Sealed, expires_at: datetime | None, now: datetime) -> None:
        """Take credentials that the network has just accepted or given; all is well again."""
        self.status = Status.CONNECTED
        self.error_message = None
        self.credentials = sealed.text
        self.credentials_key_id = sealed.key_id
        self.disconnected_at = None
        self.token_expires_at = expires_at
        self.next_refresh_at = expires_at and renewed_at(expires_at, now=now, connection_id=self.id)
        self.refresh_attempts = 0
        self.refresh_lease_until = None
        self.updated_at = now

    def miss_renewal(self, error: ProviderError, now: datetime) -> None:
        """It could not be renewed: try again later, or give up where the network says no."""
        if only_a_person_helps(error):
            self.fail(error.words, now)
            return
        self.refresh_lease_until = None
        self.refresh_attempts += 1
        if self.status == Status.CONNECTED:
            self.next_refresh_at = tried_again_at(self.refresh_attempts, error, now=now)

    def disconnect(self, now: datetime) -> None:
        """Forget the credentials for good; a second time changes nothing."""
        if self.status == Status.DISCONNECTED:
            return
        self.status = Status.DISCONNECTED
        self.error_message = None
        self.credentials = None
        self.credentials_key_id = None
        self.disconnected_at = now
        self.token_expires_at = self.next_refresh_at = self.refresh_lease_until = None
        self.refresh_attempts = 0
        self.updated_at = now


def printable(text: str, length: int | None = None) -> str:
    """A network's text as it may be stored and shown: no control characters, not too long."""
    kept = "".join(c for c in text if unicodedata.category(c) not in _UNPRINTABLE)
    return kept[:length]


def web_address(url: str | None) -> str | None:
    """`url` where a browser may follow it; an instance may send ``javascript:`` instead."""
    if url is None or not url.startswith(("https://", "http://")) or len(url) > URL_LENGTH:
        return None
    return printable(url, URL_LENGTH)
