"""What publishing needs from outside, in its own words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from shared.kernel.ids import OrganizationId
from shared.publishing.domain.attempt import Attempt, Claim, Conclusion, Ending
from shared.publishing.domain.happenings import Happened
from shared.publishing.domain.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A live variant of a live post; `length` is its content as its channel counts it."""

    id: UUID
    post_id: UUID
    organization_id: OrganizationId
    channel: str
    status: str
    content: str
    has_media: bool
    length: int


@dataclass(frozen=True, kw_only=True)
class Connection:
    """`max_length` is the account's own limit, else the channel's."""

    id: UUID
    organization_id: OrganizationId
    channel: str
    is_connected: bool
    max_length: int


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A claim with what decides whether there is still ground for it.

    `wanted_at` is when it should have been attempted. `is_open`: an earlier attempt was started
    and nobody knows how it ended.
    """

    claim: Claim
    wanted_at: datetime
    post_id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    created_by: UUID
    is_open: bool


class Schedules(Protocol):
    def add(self, schedule: Schedule) -> None: ...

    def get_for_update(self, schedule_id: UUID) -> Schedule | None:
        """A live schedule, locked until the unit of work ends."""

    def exists_like(self, schedule: Schedule) -> bool:
        """Whether an active one has the same variant, connection and moment."""

    def claim_due(self, *, now: datetime, lease: timedelta, limit: int) -> Sequence[Claimed]:
        """Claim what is due or whose lease has lapsed, passing over what others hold."""

    def release(self, claims: Collection[Claim], *, now: datetime) -> None:
        """Let claims lapse at once, for they could not be handed over."""

    def skip(self, reasons: Mapping[UUID, str], *, now: datetime) -> None:
        """Skip schedules for the given reasons, each an error code."""

    def next_due_at(self) -> datetime | None:
        """When the scanner must look next."""

    def start(
        self, claims: Collection[Claim], *, now: datetime, lease: timedelta
    ) -> Sequence[Attempt]:
        """Turn claims into attempts, each in the ledger; stale and repeated claims are left out."""

    def ids_given(
        self, connection_ids: Collection[UUID], *, since: datetime
    ) -> Mapping[UUID, frozenset[str]]:
        """The networks' ids of what was published on each connection since an instant."""

    def record(self, conclusions: Collection[Conclusion]) -> None:
        """Write down how attempts ended; what was claimed anew meanwhile is left alone."""


class Posts(Protocol):
    def variant(self, variant_id: UUID) -> Variant | None: ...

    def live_variants(self, variant_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """The contents of those that still exist."""

    def promote(self, variant_id: UUID, *, now: datetime) -> None:
        """A draft becomes ready by being scheduled."""

    def record_published(self, variant_ids: Collection[UUID], *, at: datetime) -> None: ...

    def follow(self, post_ids: Collection[UUID], *, now: datetime) -> None:
        """Make the posts' statuses what their schedules say."""


class Connections(Protocol):
    def connection(self, connection_id: UUID) -> Connection | None: ...

    def connected(self, connection_ids: Collection[UUID]) -> Collection[UUID]:
        """Those that are not disconnected."""

    def record_used(self, connection_ids: Collection[UUID], *, at: datetime) -> None: ...

    def record_refused(self, words: Mapping[UUID, str], *, at: datetime) -> None:
        """The network no longer accepts these accounts' credentials."""


class Owners(Protocol):
    def active(self, user_ids: Collection[UUID]) -> Collection[UUID]: ...


class Happenings(Protocol):
    def record(self, happened: Sequence[Happened]) -> None:
        """Tell of it, if and only if this unit of work ends well."""


class PublishingUnitOfWork(Protocol):
    """Everything inside one transaction."""

    @property
    def schedules(self) -> Schedules: ...

    @property
    def posts(self) -> Posts: ...

    @property
    def connections(self) -> Connections: ...

    @property
    def owners(self) -> Owners: ...

    @property
    def happenings(self) -> Happenings: ...


class DeliveringUnitOfWork(PublishingUnitOfWork, Protocol):
    """With the keys to the networks, for the publisher alone."""

    @property
    def credentials(self) -> "Vault": ...


Begin = Callable[[], AbstractContextManager[PublishingUnitOfWork]]
BeginDelivering = Callable[[], AbstractContextManager[DeliveringUnitOfWork]]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """An attempt with all that the network needs; `secrets` means something to `Networks` only.

    `must_not_send` is why it may only be looked for, an error code. `taken` are the network's ids
    of other posts on the same connection, which must not be mistaken for this one.
    """

    attempt: Attempt
    content: str
    must_not_send: str | None
    taken: frozenset[str]
    secrets: object = field(repr=False)


class Vault(Protocol):
    def open(self, connection_ids: Collection[UUID]) -> Mapping[UUID, object]:
        """The credentials of those connections that still have any."""


class Networks(Protocol):
    """The outside world, as one client for a whole batch."""

    def connect(self) -> AbstractAsyncContextManager["Deliver"]: ...


class Deliver(Protocol):
    async def __call__(self, delivery: Delivery) -> Ending:
        """Publish, or find what an unsettled attempt has published; bounded, and never raises."""


class DueQueue(Protocol):
    """Where claims wait for a publisher.

    Both raise `Unavailable` when the broker cannot be reached.
    """

    def connect(self) -> None: ...

    def send(self, claims: Sequence[Claim]) -> None: ...


Wake = Callable[[], None]
"""Ask for a scanner before the timer does; may fail in silence, for the timer comes anyway."""
