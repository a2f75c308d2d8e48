"""What publishing needs from outside, in its own words."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from shared.kernel.errors import RuleViolation
from shared.kernel.happenings import Happenings
from shared.kernel.ids import OrganizationId
from shared.publishing.application.media_ports import Item
from shared.publishing.domain.attempt import Attempt, Claim, Conclusion
from shared.publishing.domain.budget import Allowance, Budget
from shared.publishing.domain.crowding import Neighbours, Saying
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.settlement import Settlement
from shared.publishing.domain.skipping import Skip
from shared.publishing.domain.waiting import Hold


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    content: str
    delay_seconds: int


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A live variant of a live post; `follow_ups` are what its thread says after it.

    `post_status` is its post's. `misfits` answers why it cannot be sent on a connection: nothing
    where it can.
    """

    id: UUID
    post_id: UUID
    organization_id: OrganizationId
    created_by: UUID
    channel: str
    status: str
    post_status: str
    content: str
    follow_ups: Sequence[FollowUp]
    misfits: Callable[["Connection"], Sequence[RuleViolation]] = field(repr=False, compare=False)

    @property
    def is_archived(self) -> bool:
        """Its post is, and not to be sent."""
        return self.post_status == "archived"


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a variant says: the root's text, then those of its thread, all with its settings.

    `items` are what each of them shows.
    """

    texts: Sequence[str]
    settings: Mapping[str, Any]
    items: Sequence[Sequence[Item]] = ()

    def shown(self, part: int) -> Sequence[Item]:
        return self.items[part] if self.items else ()


@dataclass(frozen=True, kw_only=True)
class Connection:
    """`max_length` is the account's own limit, else the channel's; `limits` are all of its own.

    One that is neither connected nor disconnected is refused by its network for now; one that is
    not supported is of a network that is no longer in the catalogue. What is more
    than `lateness` late is not sent any more; its posts leave `minimum_gap` apart, and `daily_cap`
    of them in 24 hours.
    """

    id: UUID
    organization_id: OrganizationId
    channel: str
    is_connected: bool
    is_disconnected: bool
    is_supported: bool
    credentials_expire_at: datetime | None
    lateness: timedelta
    minimum_gap: timedelta
    daily_cap: int | None
    max_length: int
    limits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A claim with what decides whether there is still ground for it.

    `wanted_at` is when it is to be attempted, which may lie a little ahead, `waited_for` the reason
    why it was not yet. `has_turn`: it was planned, let go or attempted before, so it goes before
    what came later.
    `is_open`: an earlier attempt was started and nobody knows how it ended.
    """

    claim: Claim
    organization_id: OrganizationId
    wanted_at: datetime
    post_id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    created_by: UUID
    part: int
    waited_for: str | None
    has_turn: bool
    is_open: bool
    request_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Skipped:
    schedule_id: UUID
    organization_id: OrganizationId
    post_id: UUID
    reason: str
    request_id: str | None = None


class Schedules(Protocol):
    def add(self, *schedules: Schedule) -> None: ...

    def get_for_update(self, schedule_id: UUID) -> Schedule | None:
        """A live schedule, locked until the unit of work ends."""

    def get_all_for_update(self, schedule_ids: Collection[UUID]) -> Mapping[UUID, Schedule]:
        """Those that are live, locked with their threads in the order in which all lock several."""

    def parts_after(self, *schedules: Schedule) -> Sequence[Schedule]:
        """The live parts of their threads after them, in their order, locked as they are."""

    def part_before(self, schedule: Schedule) -> Schedule | None:
        """The part of its thread that a follow-up replies to, not locked."""

    def neighbours(self, schedule: Schedule, sayings: Sequence[Saying]) -> Callable[[], Neighbours]:
        """What is near a root that is not there yet; `sayings` are its text and its thread's.

        It is asked at once, and answered when it is called: whoever calls it last waits least.
        """

    def claim_due(
        self, *, now: datetime, lease: timedelta, limit: int, share: int
    ) -> Sequence[Claimed]:
        """Claim what is due within `LEAD` or whose lease has lapsed, passing over what others hold.

        Organizations take turns, and none has more than its share waiting in the queues. Where
        another unit of work is claiming, it answers nothing.
        """

    def release(self, claims: Collection[Claim], *, now: datetime) -> None:
        """Let claims lapse at once, for they could not be handed over."""

    def skip(self, skips: Mapping[UUID, Skip], *, now: datetime) -> Sequence[Skipped]:
        """Skip schedules, each for its reason, and what follows them."""

    def hold(self, holds: Mapping[UUID, Hold], *, now: datetime) -> None:
        """Let claimed schedules wait, each for its reason."""

    def next_look_at(self, *, now: datetime, lead: timedelta) -> datetime | None:
        """When the scanner must look next: `lead` before something is due, or as a lease lapses."""

    def start(
        self, claims: Collection[Claim], *, now: datetime, lease: timedelta
    ) -> Sequence[Attempt]:
        """Turn claims into attempts, each in the ledger; stale and repeated claims are left out.

        One that is ahead of its instant starts at that, but within `LEAD` in any case.
        """

    def ids_given(
        self, connection_ids: Collection[UUID], *, since: datetime
    ) -> Mapping[UUID, frozenset[str]]:
        """The networks' ids of what was published on each connection since an instant."""

    def record(self, conclusions: Collection[Conclusion]) -> Mapping[UUID, datetime | None]:
        """Write down how attempts ended; what was claimed anew meanwhile is left alone.

        Answers the schedules it has changed, and when the next parts of their threads leave.
        """


class Ledger(Protocol):
    def settle(self, schedule_id: UUID, settlement: Settlement) -> None:
        """Write a person's word into what is unknown: where it was published, into one row."""


class Posts(Protocol):
    def variant(self, variant_id: UUID) -> Variant | None: ...

    def ask_to_hold(self, variant_id: UUID) -> Callable[[], Variant | None]:
        """The same, with its post, of which nobody else changes anything until the end.

        Asked at once, and answered when it is called.
        """

    def variants(self, variant_ids: Collection[UUID]) -> Mapping[UUID, Variant]: ...

    def live(self, variant_ids: Collection[UUID]) -> Collection[UUID]:
        """Those that still exist."""

    def live_words(self, variant_ids: Collection[UUID]) -> Mapping[UUID, Words]:
        """The words of those that still exist."""

    def promote(self, variant_id: UUID, *, now: datetime) -> None:
        """A draft becomes ready by being scheduled."""

    def record_published(self, variant_ids: Collection[UUID], *, at: datetime) -> None: ...

    def follow_new_schedules(self, post_id: UUID, *, now: datetime) -> None:
        """Make a post's status, right until then, what it is with more that are pending.

        Raises:
            Conflict: `POST_ARCHIVED`.
        """

    def await_schedules(self, variant: Variant, *, now: datetime) -> None:
        """The same of the post of a variant that is held."""

    def follow(self, post_ids: Collection[UUID], *, now: datetime) -> None:
        """Make the posts' statuses what their schedules say."""


class Connections(Protocol):
    def connection(self, connection_id: UUID) -> Connection | None: ...

    def connections(self, connection_ids: Collection[UUID]) -> Mapping[UUID, Connection]: ...

    def want_renewal(self, tried_at: Mapping[UUID, datetime], *, at: datetime) -> None:
        """Have credentials renewed at once, unless they are newer than their last use."""

    def record_used(self, connection_ids: Collection[UUID], *, at: datetime) -> None: ...

    def record_refused(
        self, refusals: Mapping[UUID, tuple[str, datetime]], *, at: datetime
    ) -> None:
        """The networks no longer accept credentials: their words, and when these were used."""


class Owners(Protocol):
    def active(self, user_ids: Collection[UUID]) -> Collection[UUID]: ...


class Budgets(Protocol):
    def budgets(
        self,
        connections: Iterable[Connection],
        wanted: Mapping[UUID, int],
        *,
        claimed: Collection[UUID],
        now: datetime,
    ) -> Mapping[UUID, Budget]:
        """The budgets of connections through which so many posts are wanted now.

        What is queued counts as sent, but for the schedules that are claimed just now, wanted or
        not; what waits for its budget counts as planned. Bounds that so many cannot reach are left
        out.
        """

    def observe(self, allowances: Mapping[UUID, tuple[OrganizationId, Allowance]]) -> None:
        """Remember the networks' word on how many more they take."""


class PublishingUnitOfWork(Protocol):
    """Everything inside one transaction."""

    @property
    def schedules(self) -> Schedules: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def posts(self) -> Posts: ...

    @property
    def connections(self) -> Connections: ...

    @property
    def owners(self) -> Owners: ...

    @property
    def budgets(self) -> Budgets: ...

    @property
    def happenings(self) -> Happenings: ...


Begin = Callable[[], AbstractContextManager[PublishingUnitOfWork]]


class DueQueue(Protocol):
    """Where claims wait for a publisher.

    Both raise `Unavailable` when the broker cannot be reached.
    """

    def connect(self) -> None: ...

    def send(self, claims: Sequence[Claimed]) -> None: ...


Wake = Callable[[], None]
"""Ask for a scanner before the timer does; may fail in silence, for the timer comes anyway."""
