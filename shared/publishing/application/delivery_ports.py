"""What delivering needs beside publishing's ports: the keys to the networks, and the networks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from shared.publishing.application.media_ports import Enclosure, Media
from shared.publishing.application.ports import PublishingUnitOfWork
from shared.publishing.domain.attempt import Attempt, Ending


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """An attempt with all that the network needs; `secrets` means something to `Networks` only.

    `must_not_send` is why it may only be looked for, an error code. `taken` are the network's ids
    of other posts on the same connection, which must not be mistaken for this one. `of` is a digest
    of what is published.
    """

    attempt: Attempt
    of: str
    content: str
    settings: Mapping[str, Any]
    must_not_send: str | None
    taken: frozenset[str]
    enclosures: Sequence[Enclosure] = ()
    secrets: object = field(repr=False)


class Deliver(Protocol):
    async def __call__(self, delivery: Delivery) -> Ending:
        """Publish, or find what an unsettled attempt has published; bounded, and never raises."""


class Networks(Protocol):
    """The outside world, as one client for a whole batch."""

    def connect(self) -> AbstractAsyncContextManager[Deliver]: ...


class Vault(Protocol):
    def open(self, connection_ids: Collection[UUID]) -> Mapping[UUID, object]:
        """The credentials of those connections that still have any."""


class DeliveringUnitOfWork(PublishingUnitOfWork, Protocol):
    """With the keys to the networks and the files for them, for the publisher alone."""

    @property
    def credentials(self) -> Vault: ...

    @property
    def media(self) -> Media: ...


BeginDelivering = Callable[[], AbstractContextManager[DeliveringUnitOfWork]]
