"""One function, called once by hand."""

import json
from pathlib import Path
from typing import Any

from runner.console import complain, say
from runner.containers import Pool
from runner.house import Options, check, house
from runner.refused import Refused
from runner.template import function_named
from runner.timers import tick_event
from shared.kernel.clock import utc_now


def invoke(options: Options, *, function: str, event: Path | None) -> int:
    """Print what a function returns; answers the exit code, 1 where it raises.

    Without an event a function with a timer gets a tick.

    Raises:
        Refused: there is no such function, or no event that can be read.
    """
    chosen = function_named(check(options), function)
    if event is None and not chosen.of_kind("ScheduleV2"):
        raise Refused(f"{function} has no timer, so it needs an event: a file of JSON")
    given = _read(event) if event is not None else tick_event(function, utc_now())
    with house(options) as built:
        try:
            answer = Pool(function_named(built.functions, function), size=1).invoke(given)
        except Exception as error:  # noqa: BLE001 the container has logged it
            complain(f"{function} raised {type(error).__name__}: {error}")
            return 1
        say(json.dumps(answer, indent=2))
        return 0


def _read(path: Path) -> dict[str, Any]:
    try:
        event = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"The event {path} cannot be read: {error}") from error
    if not isinstance(event, dict):
        raise Refused(f"The event {path} is not a JSON object")
    return event
