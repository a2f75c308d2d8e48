"""No sequence of endings and calls lets a part leave before the one it replies to."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from shared.kernel.errors import DomainError
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.domain.schedule import Schedule, Status
from shared.publishing.domain.settlement import Settlement
from shared.publishing.domain.thread import (
    cancel_with_later,
    demand_previous_out,
    follow_ups,
    is_waiting,
    let_next_follow,
    move_along,
    wait_again,
)

PARTS = st.integers(0, 4)
TOUCHED = {Status.SUCCESS, Status.FAILED, Status.UNKNOWN}
ENDINGS = [*[Status.SUCCESS] * 3, Status.FAILED, Status.UNKNOWN]


class ThreadStates(RuleBasedStateMachine):
    @initialize(delays=st.lists(st.integers(0, 86_400), min_size=2, max_size=4))
    def plan(self, delays: list[int]) -> None:
        self.now = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
        root = Schedule.plan(
            organization_id=OrganizationId(new_id()),
            created_by=new_id(),
            post_id=new_id(),
            post_variant_id=new_id(),
            channel_connection_id=new_id(),
            channel="mastodon",
            run_at=self.now + timedelta(hours=1),
            timezone="UTC",
            now=self.now,
        )
        self.thread = [root, *follow_ups(root, delays)]
        self.out_at: dict[int, datetime] = {}

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(place=PARTS, status=st.sampled_from(ENDINGS))
    def send(self, place: int, status: Status) -> None:
        """As the engine does once the moment has come, with one ending or another."""
        part = self._part(place)
        if part.planned_at is not None:
            self.now = max(self.now, part.planned_at)
            part.attempt_count += 1
            part.status = status
            self._tell(part)

    @rule(place=PARTS, url=st.sampled_from([None, "https://example.social/@ada/1"]))
    def settle(self, place: int, url: str | None) -> None:
        part = self._part(place)
        with suppress(DomainError):
            part.settle(Settlement(by=new_id(), url=url), now=self.now)
            self._tell(part)

    @rule(place=PARTS)
    def retry(self, place: int) -> None:
        with suppress(DomainError):
            part = self._part(place)
            if part.part:
                demand_previous_out(self.thread[part.part - 1])
            part.retry(now=self.now)
            wait_again(part, self.thread, now=self.now)

    @rule(place=PARTS)
    def skip(self, place: int) -> None:
        """As the engine does with what has come too late, and with what follows it."""
        part = self._part(place)
        if part.planned_at is not None:
            self.now = max(self.now, part.planned_at)
            part.status = Status.SKIPPED
            for later in self.thread[part.part + 1 :]:
                if is_waiting(later):
                    later.status, later.waiting_reason = Status.SKIPPED, None

    @rule(place=st.integers(0, 20))
    def cancel(self, place: int) -> None:
        with suppress(DomainError):
            part = self.thread[min(place, len(self.thread) - 1)]
            cancel_with_later(part, self.thread, reason=None, now=self.now)

    @rule(days=st.integers(1, 9))
    def move(self, days: int) -> None:
        root, *parts = self.thread
        with suppress(DomainError):
            root.reschedule(run_at=self.now + timedelta(days=days), timezone="UTC", now=self.now)
            wait_again(root, parts, now=self.now)
            move_along(root, parts, now=self.now)

    def _part(self, place: int) -> Schedule:
        return self.thread[place % len(self.thread)]

    def _tell(self, part: Schedule) -> None:
        if part.status is Status.SUCCESS:
            self.out_at[part.part] = self.now
            let_next_follow(part, self.thread, now=self.now)

    @invariant()
    def nothing_leaves_before_what_it_replies_to(self) -> None:
        for before, part in zip(self.thread, self.thread[1:], strict=False):
            if part.status in TOUCHED or part.planned_at is not None:
                assert before.status is Status.SUCCESS
            if part.planned_at is not None:
                delay = timedelta(seconds=part.delay_seconds)
                assert part.planned_at >= self.out_at[before.part] + delay

    @invariant()
    def nothing_waits_for_what_is_out_or_cancelled(self) -> None:
        for before, part in zip(self.thread, self.thread[1:], strict=False):
            if is_waiting(part):
                assert before.status not in {Status.SUCCESS, Status.CANCELLED}


ThreadStates.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestThreadStates = ThreadStates.TestCase
