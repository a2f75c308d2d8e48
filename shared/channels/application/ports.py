"""What the channels need from outside, in their own words."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.channels.domain.connection import Connection, RenewalClaim, Sealed
from shared.channels.domain.provider import Account, ProviderError
from shared.channels.domain.renewal import Renewal
from shared.kernel.actor import Actor


class Connections(Protocol):
    def add(self, connection: Connection) -> None:
        """Store a new one.

        Raises:
            Conflict: `CONNECTION_ALREADY_EXISTS`, somebody connected the account meanwhile.
        """

    def get(self, connection_id: UUID) -> Connection | None: ...

    def get_for_update(self, connection_id: UUID) -> Connection | None:
        """Hold it, as it is now, until the unit of work ends."""

    def of_account(
        self, organization_id: UUID, channel: str, external_account_id: str
    ) -> Connection | None:
        """The connection of an account, whatever its status."""

    def due_for_renewal(self, *, now: datetime, limit: int) -> Sequence[Connection]:
        """Hold those to be renewed by now and under no lease, passing over what others hold."""


class Schedules(Protocol):
    """What still waits to be published through a connection."""

    def count_active(self, connection_id: UUID) -> int: ...

    def cancel_active(self, connection_id: UUID, *, actor: Actor, now: datetime) -> None:
        """Cancel what nobody sends at this moment.

        Raises:
            PermissionDenied: `FORBIDDEN` or `SCHEDULE_ACCESS_DENIED`; the actor could not cancel
                one of them by itself.
        """

    def resume(self, connection_id: UUID, *, now: datetime) -> None:
        """Send what waited for the credentials to work again."""

    def replan(self, connection_id: UUID, *, now: datetime) -> None:
        """Plan anew what waits for the gap to pass or for a place under the cap."""


class ChannelsUnitOfWork(Protocol):
    @property
    def connections(self) -> Connections: ...

    @property
    def schedules(self) -> Schedules: ...


Begin = Callable[[], AbstractContextManager[ChannelsUnitOfWork]]

Prove = Callable[[str, Mapping[str, str]], Account]
"""Ask the network of that slug whether credentials suffice; raises `ProviderError`."""

Seal = Callable[[UUID, Mapping[str, str]], Sealed]
"""Encrypt credentials for the connection of that id."""

Unseal = Callable[[UUID, Sealed], Mapping[str, str]]

Renewed = Renewal | ProviderError
"""What a network made of the wish for a renewal; each is an expected ending."""

Renew = Callable[[RenewalClaim], Awaitable[Renewed]]
"""Ask the claim's network for a renewal."""

Renewing = Callable[[], AbstractAsyncContextManager[Renew]]
"""Open what speaks to the networks, for as long as the block."""

RenewNow = Callable[[RenewalClaim], Renewed]
"""The same for one claim, waiting for the answer."""
