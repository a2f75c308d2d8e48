"""The events of a journal, run again in the order in which they were recorded."""

import json
import time
from pathlib import Path
from typing import Any

from runner.console import say
from runner.containers import Pool
from runner.house import Options, check, house
from runner.journal import read
from runner.template import function_named


def replay(options: Options, *, journal: Path, only: str | None) -> int:
    """Print a line for each event; answers the exit code, 1 where one raises.

    Raises:
        Refused: the journal cannot be read, or names a function there is not.
    """
    entries = [each for each in read(journal) if only in {None, each.function}]
    names = sorted({each.function for each in entries} | ({only} if only else set()))
    functions = check(options)
    for name in names:
        function_named(functions, name)
    with house(options) as built:
        pools = {name: Pool(function_named(built.functions, name), size=1) for name in names}
        raised = 0
        for entry in entries:
            began_at = time.monotonic()
            try:
                ending = _ending(pools[entry.function].invoke(entry.event))
            except Exception as error:  # noqa: BLE001 the container has logged it
                raised += 1
                ending = f"raised {type(error).__name__}: {error}"
            milliseconds = (time.monotonic() - began_at) * 1000
            before = "" if entry.ok else " (raised when it was recorded)"
            say(f"{entry.at} {entry.function} {ending} in {milliseconds:.0f} ms{before}")
        say(f"{len(entries)} events, {raised} raised")
    return 1 if raised else 0


def _ending(answer: Any) -> str:
    if isinstance(answer, dict) and "statusCode" in answer:
        return f"answered {answer['statusCode']}"
    return f"returned {json.dumps(answer)}"
