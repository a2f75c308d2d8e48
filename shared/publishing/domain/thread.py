"""A thread: a root and its follow-ups, each a schedule of its own that waits for the one before.

A part that fails holds up those after it and touches none of those before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.errors import Conflict
from shared.publishing.domain.schedule import CANCELLABLE, Schedule, Status
from shared.publishing.domain.waiting import WaitingReason


def follow_ups(root: Schedule, delays: Sequence[int]) -> list[Schedule]:
    """The parts after a new root, of a series too; each delay is in seconds.

    Ids rise with the parts: whoever locks schedules by id locks a thread in its order.
    """
    moments = _moments(root.run_at, delays)
    return [
        replace(
            root,
            id=UUID(int=root.id.int + part),
            run_at=run_at,
            next_attempt_at=run_at,
            waiting_reason=WaitingReason.PREVIOUS_PART,
            part=part,
            root_schedule_id=root.id,
            delay_seconds=delay,
        )
        for part, (delay, run_at) in enumerate(zip(delays, moments, strict=True), start=1)
    ]


def let_next_follow(published: Schedule, later: Sequence[Schedule], *, now: datetime) -> None:
    """A part is out: of those after it, the next one's delay runs from now on."""
    for part in later:
        if part.part == published.part + 1 and is_waiting(part):
            part.waiting_reason = None
            part.next_attempt_at = now + timedelta(seconds=part.delay_seconds)
            part.updated_at = now


def move_along(root: Schedule, parts: Sequence[Schedule], *, now: datetime) -> list[Schedule]:
    """Plan the waiting ones of all parts after a root by its new moment; answers those."""
    moments = _moments(root.run_at, [part.delay_seconds for part in parts])
    moved = [
        (part, run_at) for part, run_at in zip(parts, moments, strict=True) if is_waiting(part)
    ]
    for part, run_at in moved:
        part.run_at = part.next_attempt_at = run_at
        part.timezone = root.timezone
        part.updated_at = now
    return [part for part, _ in moved]


def cancel_with_later(
    schedule: Schedule, parts: Sequence[Schedule], *, reason: str | None, now: datetime
) -> list[Schedule]:
    """Cancel a schedule and those of the parts that come after it; answers all it cancelled."""
    schedule.cancel(reason=reason, now=now)
    later = [
        part
        for part in parts
        if part.root_schedule_id == (schedule.root_schedule_id or schedule.id)
        and part.part > schedule.part
        and part.status in CANCELLABLE
    ]
    for part in later:
        part.cancel(reason=reason, now=now)
    return [schedule, *later]


def wait_again(again: Schedule, parts: Sequence[Schedule], *, now: datetime) -> list[Schedule]:
    """What was skipped with a part that now goes on after all waits for it again; answers those."""
    back = [part for part in parts if part.status is Status.SKIPPED and part.part > again.part]
    for part in back:
        part.wait_for_previous(now=now)
    return back


def demand_root(schedule: Schedule) -> None:
    """Refuse to treat a follow-up as if it stood alone.

    Raises:
        Conflict: `SCHEDULE_FOLLOWS_ANOTHER`.
    """
    if schedule.root_schedule_id is not None:
        raise Conflict(
            "SCHEDULE_FOLLOWS_ANOTHER",
            "It is part of a thread and goes with the first part of it",
            meta={"root_schedule_id": str(schedule.root_schedule_id)},
        )


def demand_previous_out(before: Schedule | None) -> None:
    """Refuse to go on with a thread that has come to a stop further up.

    Raises:
        Conflict: `PREVIOUS_PART_NOT_PUBLISHED`.
    """
    if before is not None and before.status is not Status.SUCCESS:
        raise Conflict(
            "PREVIOUS_PART_NOT_PUBLISHED",
            "The part of the thread before it is not published: go on with that one first",
            meta={"previous_schedule_id": str(before.id)},
        )


def is_waiting(part: Schedule) -> bool:
    return part.waiting_reason is WaitingReason.PREVIOUS_PART


def _moments(start: datetime, delays: Sequence[int]) -> Iterator[datetime]:
    moment = start
    for delay in delays:
        moment += timedelta(seconds=delay)
        yield moment
