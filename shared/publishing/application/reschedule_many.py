"""Move many schedules at once, each judged for itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, DomainError
from shared.kernel.versions import ANY, Expected
from shared.publishing.application.moving import (
    Destination,
    Grounds,
    demand_movable,
    destination,
    move,
)
from shared.publishing.application.ports import Begin, Wake
from shared.publishing.domain.local_time import shifted
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.version import version_of
from shared.publishing.domain.window import falls_into_window


@dataclass(frozen=True, kw_only=True)
class MoveTo:
    """To a moment, if the schedule is as `expected`."""

    run_at: datetime
    timezone: str | None = None
    expected: Expected = ANY

    def destination(self, schedule: Schedule) -> Destination:
        self.expected.demand(version_of(schedule.updated_at))
        return destination(schedule, run_at=self.run_at, timezone=self.timezone)


@dataclass(frozen=True, kw_only=True)
class Shift:
    """By so many minutes from wherever it is, see `shifted`.

    Where the first of a thread is shifted, those that follow it may be named as well.
    """

    minutes: int

    def destination(self, schedule: Schedule) -> Destination:
        run_at = shifted(schedule.run_at, schedule.timezone, self.minutes)
        return Destination(run_at=run_at, timezone=schedule.timezone)


Move = MoveTo | Shift


@dataclass(frozen=True, kw_only=True)
class Rescheduled:
    """`moved` has those that were asked for, and `refused` the others with the reason of each."""

    moved: Sequence[Schedule]
    refused: Mapping[UUID | str, DomainError]


def reschedule_many(
    begin: Begin,
    wake: Wake,
    clock: Clock,
    *,
    actor: Actor,
    moves: Mapping[UUID | str, Move],
    horizon: timedelta,
    all_or_none: bool,
) -> Rescheduled:
    """Move all that can be moved, each as `reschedule` would, in one transaction.

    There is no schedule with a text for its id.

    With `all_or_none` nothing moves unless everything can; what could have is refused as
    `OTHERS_REFUSED`.
    """
    now = clock()
    with begin() as work:
        ids = [each for each in moves if isinstance(each, UUID)]
        found = work.schedules.get_all_for_update(ids)
        grounds = Grounds.of(work, found.values())
        going, refused = _judged(actor, moves, found, grounds, now=now, horizon=horizon)
        if all_or_none and refused:
            others = Conflict("OTHERS_REFUSED", "It stays where it is, for others cannot move")
            going, refused = {}, dict.fromkeys(moves, others) | refused
        parts = defaultdict(list)
        for part in work.schedules.parts_after(*(found[each] for each in going)):
            parts[part.root_schedule_id].append(part)
        happened = [
            each
            for schedule_id, to in going.items()
            for each in move(
                found[schedule_id],
                parts[schedule_id],
                to,
                by=actor.user_id,
                now=now,
                horizon=horizon,
            )
        ]
        work.posts.follow({found[each].post_id for each in going}, now=now)
        work.happenings.record(*happened)
    if any(falls_into_window(to.run_at, now=clock()) for to in going.values()):
        wake()
    return Rescheduled(moved=[found[each] for each in ids if each not in refused], refused=refused)


def _judged(
    actor: Actor,
    moves: Mapping[UUID | str, Move],
    found: Mapping[UUID, Schedule],
    grounds: Grounds,
    *,
    now: datetime,
    horizon: timedelta,
) -> tuple[dict[UUID, Destination], dict[UUID | str, DomainError]]:
    """Where to those go that can, and why each of the others cannot; nothing is changed yet."""
    going: dict[UUID, Destination] = {}
    refused: dict[UUID | str, DomainError] = {}
    along: dict[UUID, UUID] = {}
    for schedule_id, wanted in moves.items():
        try:
            known = found.get(schedule_id) if isinstance(schedule_id, UUID) else None
            schedule = actor.own(known, "schedule")
            root_id = schedule.root_schedule_id
            if isinstance(wanted, Shift) and root_id is not None and root_id in moves:
                along[schedule.id] = root_id
                continue
            to = wanted.destination(schedule)
            demand_movable(schedule, to, grounds, now=now, horizon=horizon)
        except DomainError as error:
            refused[schedule_id] = error
        else:
            going[schedule.id] = to
    refused |= {each: refused[root] for each, root in along.items() if root in refused}
    return going, refused
