"""The scanner's minute, on a clock that only moves when it sleeps."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from shared.kernel.errors import Unavailable
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.application.ports import Claimed
from shared.publishing.application.queue_due import BATCH
from shared.publishing.application.watch_window import LOOK_AGAIN, watch_window
from shared.publishing.domain.attempt import Claim
from shared.publishing.domain.window import LEAD

NOON = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def ahead_of(moment: datetime) -> datetime:
    """When it is handed over where nothing holds it up."""
    return max(NOON, moment - LEAD)


@dataclass
class World:
    """A clock, due instants in their order, a broker that may be down, and what was sent when."""

    now: datetime = NOON
    due: list[datetime] = field(default_factory=list)
    appearing: dict[datetime, datetime] = field(default_factory=dict)
    outage: tuple[datetime, datetime] | None = None
    held_until: datetime = NOON
    sent: list[datetime] = field(default_factory=list)
    slept: int = 0
    asked: int = 0

    def clock(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += 1
        self.now += timedelta(seconds=seconds)
        for moment in [each for each in self.appearing if each <= self.now]:
            self.due = sorted([*self.due, self.appearing.pop(moment)])

    @contextmanager
    def begin(self) -> Iterator[Any]:
        yield self

    @property
    def schedules(self) -> "World":
        return self

    posts = schedules
    connections = SimpleNamespace(connections=lambda ids: {})
    budgets = SimpleNamespace(budgets=lambda connections, wanted, claimed, now: {})
    happenings = SimpleNamespace(record=lambda *happened: None)

    def next_look_at(self, *, now: datetime, lead: timedelta) -> datetime | None:
        self.asked += 1
        return min(self.due) - lead if self.due else None

    def claim_due(
        self, *, now: datetime, lease: timedelta, limit: int, share: int
    ) -> Sequence[Claimed]:
        assert lease == LEASE
        if now < self.held_until:
            return []
        due = [each for each in self.due if each <= now + LEAD][:limit]
        self.due = self.due[len(due) :]
        return [
            Claimed(
                claim=Claim(schedule_id=new_id(), fencing_token=1),
                organization_id=OrganizationId(new_id()),
                wanted_at=each,
                post_id=new_id(),
                post_variant_id=new_id(),
                channel_connection_id=new_id(),
                created_by=new_id(),
                part=0,
                waited_for=None,
                has_turn=False,
                is_open=True,  # so it leaves, whatever its ground
            )
            for each in due
        ]

    def follow(self, post_ids: Collection[UUID], *, now: datetime) -> None:
        pass

    def connect(self) -> None:
        if self.outage is not None and self.outage[0] <= self.now < self.outage[1]:
            raise Unavailable("BROKER_UNAVAILABLE", "down")

    def send(self, claims: Sequence[Claimed]) -> None:
        self.sent += [self.now] * len(claims)

    def watch(self, called_at: datetime = NOON) -> int:
        return watch_window(
            self.begin, self, self.clock, self.sleep, called_at=called_at, lease=LEASE
        )


def test_nothing_due_ends_at_once() -> None:
    world = World()
    assert (world.watch(), world.slept) == (0, 0)


def test_what_is_due_beyond_the_window_is_left_to_the_next() -> None:
    world = World(due=[after(66)])
    assert (world.watch(), world.slept) == (0, 0)


def test_each_is_handed_over_a_moment_ahead() -> None:
    moments = [after(0), after(0.1), after(7.25), after(7.25), after(59.999), after(64.5)]
    world = World(due=list(moments))
    assert world.watch() == 6
    assert world.sent == [ahead_of(each) for each in moments]


def test_what_it_slept_until_is_claimed_without_asking_whether_it_is_there() -> None:
    world = World(due=[after(0.1) + LEAD])
    assert (world.watch(), world.asked, world.slept) == (1, 2, 1)


def test_what_is_taken_back_while_it_sleeps_is_not_waited_for() -> None:
    world = World(due=[after(0.1) + LEAD, after(0.15) + LEAD])
    world.appearing = {after(0.1): after(0.12) + LEAD}
    go_on = world.sleep

    def sleep(seconds: float) -> None:
        go_on(seconds)
        world.due = [each for each in world.due if each != after(0.1) + LEAD]

    world.sleep = sleep  # type: ignore[method-assign]
    assert world.watch() == 2
    assert world.sent == [after(0.12), after(0.15)]


def test_what_appears_inside_the_window_leaves_on_time_too() -> None:
    world = World(due=[after(50)], appearing={after(10): after(11), after(20): after(20.05)})
    world.watch()
    assert len(world.sent) == 3
    assert world.sent[0] == ahead_of(after(11))
    assert timedelta() <= world.sent[1] - after(20) <= LOOK_AGAIN
    assert world.sent[2] == ahead_of(after(50))


def test_an_outage_claims_nothing_and_delays_only_what_falls_into_it() -> None:
    world = World(due=[after(5), after(40)], outage=(after(3), after(12)))
    assert world.watch() == 2
    assert after(12) <= world.sent[0] <= after(13)
    assert world.sent[1] == ahead_of(after(40))


def test_an_outage_to_the_end_is_told() -> None:
    world = World(due=[after(5)], outage=(NOON, after(600)))
    with pytest.raises(Unavailable):
        world.watch()
    assert world.sent == []
    assert world.due == [after(5)], "nothing was claimed"
    assert world.now < after(65)


def test_a_tick_that_comes_late_still_ends_with_its_minute() -> None:
    world = World(now=after(30), due=[after(31), after(64), after(66)])
    assert world.watch() == 2
    assert world.due == [after(66)]


def test_a_clock_behind_the_timer_does_not_shorten_the_window() -> None:
    world = World(now=after(-0.05), due=[after(30)])
    assert world.watch() == 1


def test_what_somebody_holds_is_waited_for_without_haste() -> None:
    world = World(due=[NOON], held_until=after(2))
    assert world.watch() == 1
    assert world.slept == 20


def test_after_a_full_batch_the_next_is_claimed_without_asking_whether_there_is_one() -> None:
    world = World(due=[NOON] * (BATCH + 5))
    assert world.watch() == BATCH + 5
    assert (world.asked, world.slept) == (2, 0)


@pytest.mark.parametrize("later", [0.52, 30])
def test_after_a_full_batch_that_was_the_last_what_comes_later_leaves_on_time(
    later: float,
) -> None:
    world = World(due=[*[NOON] * BATCH, after(later), after(66)])
    assert world.watch() == BATCH + 1
    assert world.sent[BATCH:] == [ahead_of(after(later))]
    assert world.due == [after(66)]
