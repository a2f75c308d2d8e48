"""What the channels need from outside, in their own words."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.channels.domain.connection import Connection, Sealed
from shared.channels.domain.provider import Account


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
        """The connection of an account, locked, whatever its status."""


class Schedules(Protocol):
    """What still waits to be published through a connection."""

    def count_active(self, connection_id: UUID) -> int: ...

    def cancel_active(self, connection_id: UUID, *, now: datetime) -> int:
        """Cancel what nobody sends at this moment; answers how many."""


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
