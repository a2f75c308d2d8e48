"""Everything that invokes the functions by itself: requests, timers and queues."""

import logging
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Flag
from threading import Thread

from runner.broker_news import BrokerNews
from runner.containers import Pool, Record, watch
from runner.documentation import pages
from runner.front_door import FrontDoor
from runner.gateway import routes
from runner.house import House, Options
from runner.http_server import serve
from runner.memory_source import MemorySource
from runner.queues import Source, triggers
from runner.rabbit_source import RabbitSource
from runner.timers import tick, timers
from shared.kernel.clock import utc_now

logger = logging.getLogger(__name__)

_PATIENCE = 10
"""Seconds for what is under way when the block ends."""

_SWITCH = 0.0005
"""Seconds for which one container may keep the interpreter from the others, which wait for networks
and would rather answer them at once; Python's own is ten times as long."""


@contextmanager
def drive(
    house: House, options: Options, taken: socket.socket, record: Record | None = None
) -> Iterator[None]:
    """Serve on a reserved port, tick and consume until the block ends; then let what runs end."""
    sys.setswitchinterval(_SWITCH)
    pools = {
        each.name: Pool(each, size=options.containers_of(each), record=record)
        for each in house.functions
    }
    app = FrontDoor(routes(house.functions), pools, pages(house.functions))
    sources = list(_sources(house, pools, options.concurrency))
    all_timers = timers(house.functions, pools, limit=options.concurrency)
    stop = Flag()
    threads = [
        Thread(target=tick, args=(all_timers, utc_now, stop), name="timers", daemon=True),
        Thread(target=watch, args=(pools.values(), stop), name="watch", daemon=True),
    ]
    with serve(app, taken, patience=_PATIENCE) as stop_serving:
        for source in sources:
            source.start()
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            until = time.monotonic() + _PATIENCE
            stop_serving()
            stop.set()
            for source in sources:
                source.stop()
            for source in sources:
                source.join(max(0.0, until - time.monotonic()))
    if busy := sum(pool.close(until=until) for pool in pools.values()):
        logger.warning("invocations_abandoned", extra={"containers": busy})


def _sources(house: House, pools: dict[str, Pool], limit: int) -> Iterator[Source]:
    news = BrokerNews(house.broker_url)
    for trigger in triggers(house.functions, pools, limit=limit):
        if house.broker_url.startswith("memory:"):
            yield MemorySource(trigger)
        else:
            yield RabbitSource(trigger, house.broker_url, news)
