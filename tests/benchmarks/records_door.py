"""Handlers with the four tiers of records and without, called as Lambda would call them.

`python -m tests.benchmarks.records_door` with the functions' environment prints one JSON object.
What is left to do after an answer is timed by itself, for nobody waits for it.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

from runner.gateway import routes
from runner.template import PATH, Template
from shared.infrastructure.recording import answer_first, keep
from tests.accounts import root
from tests.api import Api, keep_loop
from tests.benchmarks.content_door import POST, Door

CALLS, BLOCKS = 25, 60

Handler = Callable[[dict[str, Any], Any], Any]


@contextmanager
def _without() -> Iterator[None]:
    """No line, no log, no event, no entry: the handler as it would be if there were none."""
    from shared.infrastructure import http
    from shared.operations.api.events import RecordedHappenings

    with (
        patch.object(RecordedHappenings, "record", lambda *_: None),
        patch.object(http, "invocation", nullcontext),
    ):
        yield


def _block(handler: Handler, event: dict[str, Any]) -> tuple[float, float]:
    """Seconds of a call, and of what is done after it, for several at once as the runner does."""
    begun = time.perf_counter()
    with answer_first() as left:
        for _ in range(CALLS):
            handler(event, None)
    answered = time.perf_counter()
    keep(*left)
    return (answered - begun) / CALLS, (time.perf_counter() - answered) / CALLS


def _compared(handler: Handler, event: dict[str, Any]) -> dict[str, float]:
    """The median of blocks that take turns: to commit is to wait for a disk, now more, now less."""
    _block(handler, event)
    on, off, after = [], [], []
    for _ in range(BLOCKS):
        with_records, later = _block(handler, event)
        on.append(with_records)
        after.append(later)
        with _without():
            off.append(_block(handler, event)[0])
    told = {"on": on, "off": off, "after": after}
    return {name: statistics.median(each) * 1e3 for name, each in told.items()}


def measured() -> dict[str, Any]:
    from migrations.upgrade import upgrade

    upgrade()
    keep_loop()
    known = routes(Template(PATH.read_text(), os.environ).functions)
    account = root(Api(known))
    for number in range(50):
        account.api.post("/posts", {**POST, "title": f"Post {number}"})
    door = Door(known, account)
    return {
        "me": _compared(*door.call("GET", "/auth/me")),
        "list": _compared(*door.call("GET", "/posts", query="limit=50")),
        "create": _compared(*door.call("POST", "/posts", POST)),
    }


if __name__ == "__main__":
    print(json.dumps(measured()))
