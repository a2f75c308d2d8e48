"""A thread's parts: planned together, each waiting for the one before it."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.domain.schedule import TRANSITIONS, Schedule, Status
from shared.publishing.domain.thread import (
    cancel_with_later,
    demand_root,
    follow_ups,
    let_next_follow,
    move_along,
)
from shared.publishing.domain.waiting import WaitingReason

NOW = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)
DELAYS = [60, 0, 86_400]


@pytest.fixture
def root() -> Schedule:
    return Schedule.plan(
        organization_id=OrganizationId(new_id()),
        created_by=new_id(),
        post_id=new_id(),
        post_variant_id=new_id(),
        channel_connection_id=new_id(),
        channel="mastodon",
        run_at=SOON,
        timezone="Europe/Berlin",
        now=NOW,
    )


def minutes_after_root(root: Schedule, parts: list[Schedule]) -> list[float]:
    return [(part.run_at - root.run_at).total_seconds() / 60 for part in parts]


def test_each_part_is_planned_after_the_one_before_it(root: Schedule) -> None:
    parts = follow_ups(root, DELAYS)
    assert [part.part for part in parts] == [1, 2, 3]
    assert [part.delay_seconds for part in parts] == DELAYS
    assert minutes_after_root(root, parts) == [1, 1, 1441]
    for part in parts:
        assert part.root_schedule_id == root.id
        assert part.next_attempt_at == part.run_at
        assert part.waiting_reason is WaitingReason.PREVIOUS_PART
        assert part.planned_at is None
        assert (part.status, part.attempt_count) == (Status.PENDING, 0)
        assert (part.post_variant_id, part.channel_connection_id, part.timezone) == (
            root.post_variant_id,
            root.channel_connection_id,
            root.timezone,
        )


def test_ids_rise_with_the_parts(root: Schedule) -> None:
    """Whoever locks schedules by id locks a thread in its order."""
    ids = [root.id, *(part.id for part in follow_ups(root, [0] * 24))]
    assert ids == sorted(set(ids))
    assert {each.version for each in ids} == {7}


def test_the_parts_of_a_series_belong_to_it(root: Schedule) -> None:
    root.recurrence_id, root.occurrence_at = new_id(), SOON
    for part in follow_ups(root, DELAYS):
        assert (part.recurrence_id, part.occurrence_at) == (root.recurrence_id, SOON)


def test_a_text_alone_has_no_follow_ups(root: Schedule) -> None:
    assert follow_ups(root, []) == []


def test_only_the_next_part_follows_what_is_out(root: Schedule) -> None:
    parts = follow_ups(root, DELAYS)
    late = NOW + timedelta(days=3)
    let_next_follow(root, parts, now=late)
    assert [part.waiting_reason for part in parts] == [None, *["PREVIOUS_PART"] * 2]
    assert parts[0].next_attempt_at == late + timedelta(seconds=60)
    let_next_follow(parts[0], parts[1:], now=late)
    assert parts[1].planned_at == late


def test_nothing_follows_a_part_that_was_cancelled(root: Schedule) -> None:
    parts = follow_ups(root, DELAYS)
    cancel_with_later(parts[0], parts, reason=None, now=NOW)
    let_next_follow(root, parts, now=SOON)
    assert [part.status for part in parts] == [Status.CANCELLED] * 3
    assert [part.planned_at for part in parts] == [None] * 3


def test_what_waits_moves_with_the_root(root: Schedule) -> None:
    parts = follow_ups(root, DELAYS)
    cancel_with_later(parts[1], parts, reason=None, now=NOW)
    root.reschedule(run_at=SOON + timedelta(days=2), timezone="Asia/Tokyo", now=NOW)
    assert move_along(root, parts, now=NOW) == parts[:1]
    assert (parts[0].run_at, parts[0].timezone) == (
        SOON + timedelta(days=2, seconds=60),
        "Asia/Tokyo",
    )
    assert parts[0].next_attempt_at == parts[0].run_at
    assert parts[0].waiting_reason is WaitingReason.PREVIOUS_PART
    assert parts[1].run_at == SOON + timedelta(seconds=60)


@pytest.mark.parametrize(("cancelled", "left"), [(0, []), (1, [0]), (2, [0, 1]), (3, [0, 1, 2])])
def test_a_part_is_cancelled_with_those_after_it(
    root: Schedule, cancelled: int, left: list[int]
) -> None:
    thread = [root, *follow_ups(root, DELAYS)]
    taken_back = cancel_with_later(thread[cancelled], thread, reason="rain", now=NOW)
    assert taken_back == thread[cancelled:]
    assert [part.part for part in thread if part.status is Status.PENDING] == left
    assert {part.cancellation_reason for part in taken_back} == {"rain"}


def test_cancelling_leaves_another_thread_alone(root: Schedule) -> None:
    parts = follow_ups(root, DELAYS)
    for part in parts:
        part.root_schedule_id = new_id()
    assert cancel_with_later(root, parts, reason=None, now=NOW) == [root]


@pytest.mark.parametrize("status", [each for each in Status if not TRANSITIONS[each]])
def test_what_is_over_takes_nothing_with_it(root: Schedule, status: Status) -> None:
    parts = follow_ups(root, DELAYS)
    root.status = status
    with pytest.raises(Conflict):
        cancel_with_later(root, parts, reason=None, now=NOW)
    assert {part.status for part in parts} == {Status.PENDING}


def test_a_follow_up_does_not_stand_alone(root: Schedule) -> None:
    demand_root(root)
    with pytest.raises(Conflict) as caught:
        demand_root(follow_ups(root, [0])[0])
    assert caught.value.code == "SCHEDULE_FOLLOWS_ANOTHER"
    assert caught.value.meta == {"root_schedule_id": str(root.id)}
