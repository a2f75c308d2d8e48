"""What connecting by OAuth needs from outside, in its own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.journey import Journey
from shared.channels.domain.kept_application import KeptApplication
from shared.channels.domain.provider import Account
from shared.channels.domain.sealed import Sealed
from shared.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What a network has put into the address it sent somebody back to."""

    state: str = field(repr=False)
    code: str | None = field(default=None, repr=False)
    error: str | None = None


class Journeys(Protocol):
    def add(self, journey: Journey) -> None: ...

    def away(self, secret_hash: str) -> Journey | None:
        """Whoever is away with that state, held until the unit of work ends."""

    def choosing(self, journey_id: UUID) -> Journey | None:
        """Whoever has to choose, held until the unit of work ends."""

    def end(self, journey: Journey) -> None: ...

    def forget_expired(self, now: datetime) -> int:
        """Forget those whose time is over, and what was kept for them; answers how many."""


class People(Protocol):
    def acting(self, user_id: UUID, organization_id: UUID, permission: str) -> Actor | None:
        """Somebody as they stand now, where they may do this there; else nobody."""


class Secrets(Protocol):
    def new(self) -> tuple[str, str]:
        """A random secret, and its hash."""

    def hash(self, secret: str) -> str: ...


class Vault(Protocol):
    """Seals for the row of that id, and opens what was sealed for it."""

    def seal(self, row_id: UUID, credentials: Mapping[str, str], /) -> Sealed: ...

    def unseal(self, row_id: UUID, sealed: Sealed, /) -> Mapping[str, str]: ...

    def seal_accounts(self, row_id: UUID, accounts: Sequence[Account], /) -> Sealed: ...

    def unseal_accounts(self, row_id: UUID, sealed: Sealed, /) -> Sequence[Account]: ...


class Authorizing(Protocol):
    """The networks, as far as accounts are connected by OAuth there; each by its slug.

    `server`, `register` and `exchange` raise `ProviderError`.
    """

    def authorizes(self, channel: str) -> bool:
        """Whether there is such a way at all."""

    def registers(self, channel: str) -> bool:
        """Whether we make ourselves known, at each of its servers."""

    def server(self, channel: str, typed: str) -> str: ...

    def demand_turn(self, organization_id: UUID) -> None:
        """Count that we are made known at a server for an organization.

        Raises:
            LimitExceeded: `TOO_MANY_SERVERS`; for today there are enough.
        """

    def register(self, channel: str, server: str, redirect_uri: str) -> Application: ...

    def authorization_url(
        self, channel: str, application: KeptApplication, authorization: Authorization
    ) -> str: ...

    def exchange(
        self,
        channel: str,
        application: KeptApplication,
        authorization: Authorization,
        code: str,
    ) -> Sequence[Account]:
        """Accounts, whose credentials have nothing of the application's in them."""
