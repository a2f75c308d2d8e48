"""One container as Lambda has it: a share of a core, one invocation at a time, warm.

`python -m tests.benchmarks.one_container WHAT MEBIBYTES` with the functions' environment prints one
JSON object; WHAT is `publisher`, `api` or `idle`. The servers it asks have the machine to
themselves.
"""

import base64
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg

from migrations.upgrade import upgrade
from runner.gateway import routes
from runner.template import PATH, Function, Template, function_named
from runner.timers import tick_event
from shared.kernel.clock import utc_now
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import CLAIMS, DUE, VERSION
from shared.publishing.application.ports import Claimed
from shared.publishing.application.queue_due import queue_due
from shared.publishing.domain.schedule import LEASE
from tests.accounts import root
from tests.api import Api, keep_loop
from tests.benchmarks.consumption import cpu_seconds, parent_of
from tests.benchmarks.content_door import POST, TEXT, Door, connected, ready_to_schedule
from tests.benchmarks.core_share import of_memory, share_of_a_core
from tests.benchmarks.population import plan_posts

BATCH = 1000
"""Claims of a full batch, 20 messages of 50."""
SINGLES, CALLS, TICKS = 10, 40, 6

Spent = dict[str, float]
"""Seconds: of `wall`, and of `cpu` here and of the `database`."""


class _Queue:
    """Keeps what the scanner hands over."""

    def __init__(self) -> None:
        self.claimed: list[Claimed] = []

    def connect(self) -> None: ...

    def send(self, claims: Sequence[Claimed]) -> None:
        self.claimed += claims


class _Meter:
    def __init__(self, share: float) -> None:
        self._share = share
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            self._database = parent_of(connection.info.backend_pid)

    def spent(self, call: Callable[[], object]) -> Spent:
        with share_of_a_core(self._share):
            database, cpu, wall = self._now()
            call()
            ended = self._now()
        return {
            "wall": ended[2] - wall,
            "cpu": ended[1] - cpu,
            "database": ended[0] - database,
        }

    def usual(self, calls: Sequence[Callable[[], object]]) -> Spent:
        """The median of calls, without the first, which opens connections; of the database the
        mean, whose clock ticks a hundred times a second."""
        each = [self.spent(call) for call in calls][1:]
        return {
            "wall": statistics.median(one["wall"] for one in each),
            "cpu": statistics.median(one["cpu"] for one in each),
            "database": statistics.mean(one["database"] for one in each),
        }

    def _now(self) -> tuple[float, float, float]:
        return cpu_seconds(self._database), time.process_time(), time.perf_counter()


def publisher(functions: Sequence[Function], meter: _Meter) -> dict[str, Any]:
    """The scanner's claims, and publishing: of one post at a time, then of a full batch."""
    begun = datetime.now(UTC) - timedelta(seconds=1)
    plan_posts(os.environ["DATABASE_URL"], posts=SINGLES, start=begun)
    handler = function_named(functions, "PublishingPublisher").load()
    queue = _Queue()
    queue_due(begin, queue, utc_now, lease=LEASE)
    singles = [_event([each]) for each in queue.claimed]
    queue.claimed.clear()
    plan_posts(os.environ["DATABASE_URL"], posts=BATCH, start=begun)
    claiming = meter.spent(lambda: queue_due(begin, queue, utc_now, lease=LEASE))
    alone = meter.usual([partial(handler, event, None) for event in singles])
    batch = _event(queue.claimed)
    full = meter.spent(lambda: handler(batch, None))
    return {
        "claimed": len(queue.claimed),
        "published": _published(begun) - SINGLES,
        "claiming": claiming,
        "alone": alone,
        "full": full,
    }


def _event(claimed: Sequence[Claimed]) -> dict[str, Any]:
    rows = [[str(each.claim.schedule_id), each.claim.fencing_token] for each in claimed]
    bodies = [
        json.dumps({"version": VERSION, "claims": rows[first : first + CLAIMS]}).encode()
        for first in range(0, len(rows), CLAIMS)
    ]
    messages = [{"data": base64.b64encode(body).decode()} for body in bodies]
    return {"eventSource": "aws:rmq", "rmqMessagesByQueue": {f"{DUE[0]}::/": messages}}


def _published(since: datetime) -> int:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        query = "SELECT count(*) FROM schedules WHERE status = 'success' AND run_at >= %s"
        (count,) = connection.execute(query, [since]).fetchone() or (0,)
    return int(count)


def api(functions: Sequence[Function], meter: _Meter) -> dict[str, Any]:
    """What scheduling a post asks of the front door: a post, its variant, its schedule; a list."""
    keep_loop()
    known = routes(functions)
    account = root(Api(known))
    post, schedule = ready_to_schedule(account, connected(account, os.environ["DATABASE_URL"]))
    door = Door(known, account)
    calls = {
        "create a post": door.call("POST", "/posts", POST),
        "create a variant": door.call("POST", f"/posts/{post}/variants", TEXT),
        "create a schedule": door.call("POST", "/schedules", schedule),
        "list of 50": door.call("GET", "/posts", query="limit=50"),
    }
    return {name: meter.usual([partial(_answered, *call)] * CALLS) for name, call in calls.items()}


def _answered(handler: Callable[..., dict[str, Any]], event: dict[str, Any]) -> None:
    answer = handler(event, None)
    assert answer["statusCode"] < 300, answer["body"]


def idle(functions: Sequence[Function], meter: _Meter) -> dict[str, Any]:
    """Each timer's tick where there is nothing to do."""
    return {
        function.name: meter.usual([partial(_tick, function)] * TICKS)
        for function in functions
        if function.of_kind("ScheduleV2")
    }


def _tick(function: Function) -> None:
    function.load()(tick_event(function.name, utc_now()), None)


if __name__ == "__main__":
    _, what, mebibytes = sys.argv
    upgrade()
    told = {"publisher": publisher, "api": api, "idle": idle}[what](
        Template(PATH.read_text(), os.environ).functions, _Meter(of_memory(int(mebibytes)))
    )
    print(json.dumps(told))
