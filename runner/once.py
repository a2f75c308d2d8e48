"""Functions invoked by hand: one event, or a journal's events in order."""

import json
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from runner.console import complain, say
from runner.containers import Pool
from runner.journal import read
from runner.refused import Refused
from runner.running import Options, check, house
from runner.template import Function
from runner.timers import tick_event
from shared.kernel.clock import utc_now


def invoke(options: Options, *, function: str, event: Path | None) -> int:
    """Print what a function returns; answers the exit code, 1 where it raises.

    Without an event a function with a timer gets a tick.
    """
    chosen = _function(check(options), function)
    if event is None and not chosen.of_kind("ScheduleV2"):
        raise Refused(f"{function} has no timer, so it needs an event: a file of JSON")
    given = _read(event) if event is not None else tick_event(function, utc_now())
    with house(options) as built:
        try:
            answer = Pool(_function(built.functions, function), size=1).invoke(given)
        except Exception as error:  # noqa: BLE001 the container has logged it
            complain(f"{function} raised {type(error).__name__}: {error}")
            return 1
        say(json.dumps(answer, indent=2))
        return 0


def replay(options: Options, *, journal: Path, only: str | None) -> int:
    """Print a line for each event; answers the exit code, 1 where one raises."""
    entries = [each for each in read(journal) if only in {None, each.function}]
    names = sorted({each.function for each in entries} | ({only} if only else set()))
    for name in names:
        _function(check(options), name)
    with house(options) as built:
        pools = {name: Pool(_function(built.functions, name), size=1) for name in names}
        raised = 0
        for entry in entries:
            began_at = time.monotonic()
            try:
                ending = _ending(pools[entry.function].invoke(entry.event))
            except Exception as error:  # noqa: BLE001 the container has logged it
                raised += 1
                ending = f"raised {type(error).__name__}: {error}"
            took = timedelta(seconds=time.monotonic() - began_at) / timedelta(milliseconds=1)
            before = "" if entry.ok else " (raised when it was recorded)"
            say(f"{entry.at} {entry.function} {ending} in {took:.0f} ms{before}")
        say(f"{len(entries)} events, {raised} raised")
    return 1 if raised else 0


def _function(functions: Sequence[Function], name: str) -> Function:
    by_name = {each.name: each for each in functions}
    if name not in by_name:
        raise Refused(f"There is no function {name!r}; there are {', '.join(by_name)}")
    return by_name[name]


def _ending(answer: Any) -> str:
    if isinstance(answer, dict) and "statusCode" in answer:
        return f"answered {answer['statusCode']}"
    return f"returned {json.dumps(answer)}"


def _read(path: Path) -> dict[str, Any]:
    try:
        event = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"The event {path} cannot be read: {error}") from error
    if not isinstance(event, dict):
        raise Refused(f"The event {path} is not a JSON object")
    return event
