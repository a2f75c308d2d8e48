"""EventBridge Scheduler, imitated: ticks at the start of each minute a timer asks for."""

import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from typing import Any
from uuid import uuid4

from runner.containers import Pool
from runner.schedule_expression import Matches, parse
from runner.template import Function
from shared.kernel.clock import Clock

logger = logging.getLogger(__name__)

_MINUTE = timedelta(minutes=1)


@dataclass(kw_only=True)
class Timer:
    """At most `limit` of its invocations run at a time, and as many wait; more are dropped."""

    pool: Pool
    matches: Matches
    limit: int
    _unfinished: set["Future[Any]"] = field(default_factory=set)

    def tick(self, at: datetime) -> None:
        """Start an invocation and do not wait for it; the container logs it where it fails."""
        self._unfinished = {each for each in self._unfinished if not each.done()}
        if len(self._unfinished) >= 2 * self.limit:
            logger.warning("tick_dropped", extra={"function": self.pool.function.name})
            return
        self._unfinished.add(self.pool.submit(tick_event(self.pool.function.name, at)))


def timers(functions: Iterable[Function], pools: Mapping[str, Pool], *, limit: int) -> list[Timer]:
    """Every timer of the template.

    Raises:
        Refused: an expression is not understood.
    """
    return [
        Timer(
            pool=pools[function.name],
            matches=parse(trigger.properties["ScheduleExpression"]),
            limit=limit,
        )
        for function in functions
        for trigger in function.of_kind("ScheduleV2")
    ]


def tick(every: Iterable[Timer], clock: Clock, stop: Flag) -> None:
    """Tick each timer once for the running minute, then at its minutes, until told to stop.

    A minute slept through (a closed lid) is not made up for.
    """
    all_timers = list(every)
    minute = _start_of_minute(clock())
    for timer in all_timers:
        timer.tick(minute)
    while _wait_until(minute + _MINUTE, clock, stop.wait):
        minute = _start_of_minute(clock())
        for timer in all_timers:
            if timer.matches(minute):
                timer.tick(minute)


def _start_of_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _wait_until(at: datetime, clock: Clock, stopped_within: Callable[[float], bool]) -> bool:
    """Wait in short sleeps; false when told to stop. A clock that was set back ends it, too."""
    while 0 < (left := (at - clock()).total_seconds()) <= _MINUTE.total_seconds():
        if stopped_within(min(left, 5.0)):
            return False
    return not stopped_within(0)


def tick_event(function: str, at: datetime) -> dict[str, Any]:
    """What EventBridge Scheduler sends a function whose schedule has no input of its own.

    Shape: AWS, "Invoke a Lambda function on a schedule"; `detail` is a string there, too.
    """
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": "123456789012",
        "time": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "eu-central-1",
        "resources": [f"arn:aws:scheduler:eu-central-1:123456789012:schedule/default/{function}"],
        "detail": "{}",
    }
