"""A connection: one account at one network, which an organization may publish to.

An account has one connection in an organization, ever: connecting it again revives the same row,
so that what hangs on its id stays.

    connected ⇄ error          the network refuses its credentials; proved or connected again
    connected, error → disconnected → connected
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.channels.domain.provider import Account
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
class Sealed:
    """Encrypted credentials, and the key that opens them."""

    key_id: str
    text: bytes = field(repr=False)


@dataclass(kw_only=True, eq=False)
class Connection:
    """`channel` is the slug of the network; `limits` are the account's own, where it has some."""

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
        self.status = Status.CONNECTED
        self.error_message = None
        self.credentials = sealed.text
        self.credentials_key_id = sealed.key_id
        self.disconnected_at = None
        self.updated_at = now

    def name(self, *names: str | None) -> None:
        """Take the first of `names` of which something can be shown."""
        shown = (printable(one, NAME_LENGTH).strip() for one in names if one)
        self.display_name = next(filter(None, shown), self.external_account_id[:NAME_LENGTH])

    def fail(self, message: str, now: datetime) -> None:
        """The network no longer takes its credentials."""
        self.status = Status.ERROR
        self.error_message = printable(message, MESSAGE_LENGTH)
        self.updated_at = now

    def disconnect(self, now: datetime) -> None:
        """Forget the credentials for good; a second time changes nothing."""
        if self.status == Status.DISCONNECTED:
            return
        self.status = Status.DISCONNECTED
        self.error_message = None
        self.credentials = None
        self.credentials_key_id = None
        self.disconnected_at = now
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
