"""Timers: when they tick, with what, and what they do not wait for."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from typing import Any

from runner.containers import Pool
from runner.schedule_expression import parse
from runner.template import Function
from runner.timers import Timer, tick, tick_event
from tests.unit.runner import invocations

REAL = json.loads((Path(__file__).parents[2] / "events" / "schedule.json").read_text())


def function(name: str) -> Function:
    return Function(
        name=name,
        handler=f"{invocations.__name__}.{name}",
        timeout=29,
        environment={},
        triggers=(),
    )


def _instant(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["time"])


def ticked(name: str, *, minutes: int, expression: str = "cron(* * * * ? *)") -> list[datetime]:
    """The ticks of a timer whose clock jumps a minute whenever it is read."""
    pool = Pool(function(name), size=1)
    timer = Timer(pool=pool, matches=parse(expression), limit=99)
    began_at = datetime(2026, 11, 20, 12, 0, 40, tzinfo=UTC)
    stop, readings = Flag(), 0

    def clock() -> datetime:
        nonlocal readings
        readings += 1
        if readings > 2 * minutes:
            stop.set()
        return began_at + timedelta(minutes=readings // 2)

    tick([timer], clock, stop)
    assert pool.close(until=time.monotonic() + 10) == 0
    return [_instant(event) for event in invocations.seen[name]]


def test_event_has_the_shape_of_a_real_one() -> None:
    at = datetime(2022, 3, 22, 18, 59, 43, tzinfo=UTC)
    built = tick_event("PublishingScanner", at)
    own: set[str] = {"id", "region", "resources"}
    assert built.keys() == REAL.keys()
    assert {key: built[key] for key in built.keys() - own} == {
        key: REAL[key] for key in REAL.keys() - own
    }
    assert _instant(built) == at


def test_ticks_for_the_running_minute_and_then_each_minute() -> None:
    first = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert ticked("sees", minutes=3) == [first + timedelta(minutes=each) for each in range(4)]


def test_failing_invocation_does_not_end_the_timer() -> None:
    assert len(ticked("raises", minutes=3)) == 4


def test_slow_invocation_delays_nobody_and_does_not_pile_up() -> None:
    pool = Pool(function("blocks"), size=1)
    timer = Timer(pool=pool, matches=parse("rate(1 minute)"), limit=1)
    at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    for minute in range(5):
        timer.tick(at + timedelta(minutes=minute))
    invocations.let_go.set()
    assert pool.close(until=time.monotonic() + 10) == 0
    ran: list[Any] = invocations.seen["blocks"]
    assert len(ran) == 2
