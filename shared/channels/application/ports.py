"""What the channels need from outside, in their own words."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.channels.application.connecting.ports import Journeys, People
from shared.channels.domain.connection import Connection, RenewalClaim
from shared.channels.domain.kept_application import KeptApplication
from shared.channels.domain.provider import Account, ProviderError
from shared.channels.domain.renewal import Renewal
from shared.channels.domain.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.happenings import Happenings
from shared.kernel.ids import OrganizationId


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

    def share_a_grant(self, connection: Connection) -> bool:
        """Whether another one, which has its credentials still, came of the same consent."""

    def hold_grant(self, connection: Connection) -> None:
        """Hold what came of its consent, itself among it, until the unit of work ends."""

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


class Applications(Protocol):
    def own(self, organization_id: OrganizationId, channel: str) -> KeptApplication | None:
        """What the organization itself keeps."""

    def everybodys(self, channel: str) -> KeptApplication | None:
        """What root keeps for all."""

    def registered(self, channel: str, server: str, redirect_uri: str) -> KeptApplication | None:
        """As what we have made ourselves known there."""

    def get(self, application_id: UUID) -> KeptApplication | None: ...

    def of(self, connections: Sequence[Connection]) -> Mapping[UUID, KeptApplication]:
        """By which each is renewed, by its id: what it came through, else what there is now.

        A connection that neither came through any nor has any to go by is left out.
        """

    def put(self, application: KeptApplication) -> None:
        """Keep it, in the place of what was kept there."""

    def add_registered(self, application: KeptApplication) -> KeptApplication:
        """Keep it, or answer what somebody else has kept meanwhile."""

    def remove(self, application: KeptApplication) -> None: ...


class ChannelsUnitOfWork(Protocol):
    @property
    def connections(self) -> Connections: ...

    @property
    def schedules(self) -> Schedules: ...

    @property
    def applications(self) -> Applications: ...

    @property
    def journeys(self) -> Journeys: ...

    @property
    def people(self) -> People: ...

    @property
    def happenings(self) -> Happenings: ...


Begin = Callable[[], AbstractContextManager[ChannelsUnitOfWork]]

Prove = Callable[[str, Mapping[str, str], KeptApplication | None], Account]
"""Ask the network of that slug whether credentials suffice; raises `ProviderError`.

It is asked as the application, if there is one; nothing of that is in the account's credentials.
"""


@dataclass(frozen=True, kw_only=True)
class Asker:
    """As whom a network is asked something."""

    connection_id: UUID
    channel: str
    sealed: Sealed
    application: KeptApplication | None


@dataclass(frozen=True, kw_only=True)
class Revocation(Asker):
    """Credentials that nobody will use any more."""


Revoke = Callable[[Revocation], None]
"""Have the network forget them, if it can; whatever goes wrong there is logged."""

Renewed = Renewal | ProviderError
"""What a network made of the wish for a renewal; each is an expected ending."""

Renew = Callable[[RenewalClaim], Awaitable[Renewed]]
"""Ask the claim's network for a renewal."""

Renewing = Callable[[], AbstractAsyncContextManager[Renew]]
"""Open what speaks to the networks, for as long as the block."""

RenewNow = Callable[[RenewalClaim], Renewed]
"""The same for one claim, waiting for the answer."""
