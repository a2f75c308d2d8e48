"""Everything that invokes the functions by itself: requests, timers and queues."""

import logging
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread

from starlette.types import ASGIApp

from runner.aside import aside
from runner.broker_news import BrokerNews
from runner.bucket import BucketSource, Listener, NewsStand, listeners
from runner.bucket_watch import BucketWatch
from runner.containers import Pool, Record, watch
from runner.cores import core_of, kept_to
from runner.cors import cross_origin
from runner.dev_pages import with_dev_pages
from runner.documentation import Documentation, contract
from runner.front_door import FrontDoor, Pages
from runner.gateway import routes
from runner.house import House, Options
from runner.http_server import Server, serve
from runner.mailbox import with_mailbox
from runner.memory_source import MemorySource
from runner.queues import Source, triggers
from runner.rabbit_source import RabbitSource
from runner.stored_files import with_stored_files
from runner.template import Function
from runner.timers import tick, timers
from runner.turns import Turns
from runner.worker import Handed, Worker
from shared.infrastructure.folder_storage import FolderStorage
from shared.infrastructure.storage import Storage
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
    documentation = Documentation(aside(contract, house.functions))
    apart = [each for each in house.functions if _is_apart(each, house)]
    here = [each for each in house.functions if each not in apart]
    news = BrokerNews(house.broker_url)
    cores = [core_of(each, processes=options.processes) for each in range(options.processes)]
    workers: list[Worker] = []
    for number in range(options.processes if apart else 0):
        # One process tells of the broker, however many ask for it.
        others_tell = number > 0 or any(each.of_kind("MQ") for each in here)
        theirs = BrokerNews(house.broker_url, is_told=not others_tell)
        share = slice(number, None, options.processes)
        consume = partial(_consume, house, options, apart, share, news=theirs, record=record)
        workers.append(Worker(consume, not_theirs=taken, core=cores[number]))
    doors: list[Worker] = []
    for number in range(1, options.processes):
        handed: Handed = SimpleQueue()
        answer = partial(_answer, house, options, here, documentation, handed, record=record)
        door = Worker(answer, not_theirs=taken, core=cores[number], goes_on=False, handed=handed)
        doors.append(door)
    workers += doors
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.stand_by()
    pools = _pools(here, options, record)
    sources = _sources(house, options, here, pools, news)
    if listening := list(listeners(here, pools)):
        stand = _news_stand(house.storage, listening)
        sources.append(BucketSource(stand, listening, limit=options.concurrency))
    all_timers = timers(here, pools, limit=options.concurrency)
    stop = Flag()
    threads = [
        Thread(target=tick, args=(all_timers, utc_now, stop), name="timers", daemon=True),
        Thread(target=watch, args=(pools.values(), stop), name="watch", daemon=True),
    ]
    front_door = _front_door(house, here, documentation, pools)
    with kept_to(cores[0]), _served(front_door, options, [] if doors else [taken]) as server:
        takers = [server.take, *(each.hand_over for each in doors)]
        turns = [Turns(taken, takers)] if doors else []
        for source in [*sources, *turns]:
            source.start()
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            until = time.monotonic() + _PATIENCE
            server.stop()
            stop.set()
            _stop([*turns, *workers, *sources], until)
    _close(pools, until)


def _is_apart(function: Function, house: House) -> bool:
    """Only queues call it, and these are not in our own memory; elsewhere a fork is not safe."""
    return (
        sys.platform == "linux"
        and not house.broker_url.startswith("memory:")
        and {each.kind for each in function.triggers} == {"MQ"}
    )


def _served(
    front_door: ASGIApp, options: Options, taken: Sequence[socket.socket] = ()
) -> AbstractContextManager[Server]:
    return serve(front_door, taken, patience=_PATIENCE, proxies=options.proxies)


def _front_door(
    house: House, functions: Sequence[Function], documentation: Pages, pools: dict[str, Pool]
) -> ASGIApp:
    pages = with_dev_pages(
        with_mailbox(documentation, house.mailbox), house, is_production=house.is_production
    )
    front_door = FrontDoor(routes(functions), pools, pages)
    return with_stored_files(
        cross_origin(front_door, house.cors), house.storage, house.cors.get("AllowOrigins", ())
    )


def _answer(
    house: House,
    options: Options,
    functions: Sequence[Function],
    documentation: Pages,
    handed: Handed,
    *,
    record: Record | None,
    stop: Flag,
) -> None:
    """Answer requests on connections that are handed over, until told to stop."""
    asked = [each for each in functions if each.of_kind("HttpApi")]
    pools = _pools(asked, options, record)
    with _served(_front_door(house, asked, documentation, pools), options) as server:
        while not stop.is_set() and (connection := handed.get()) is not None:
            server.take(connection)
    _close(pools, time.monotonic() + _PATIENCE)


def _consume(
    house: House,
    options: Options,
    functions: Sequence[Function],
    share: slice,
    *,
    news: BrokerNews,
    record: Record | None,
    stop: Flag,
) -> None:
    """Work off our share of the queues until told to stop."""
    pools = _pools(functions, options, record)
    sources = _sources(house, options, functions, pools, news)[share]
    for source in sources:
        source.start()
    watch(pools.values(), stop)
    until = time.monotonic() + _PATIENCE
    _stop(sources, until)
    _close(pools, until)


def _pools(
    functions: Sequence[Function], options: Options, record: Record | None
) -> dict[str, Pool]:
    return {
        each.name: Pool(each, size=options.containers_of(each), record=record) for each in functions
    }


def _sources(
    house: House,
    options: Options,
    functions: Sequence[Function],
    pools: dict[str, Pool],
    news: BrokerNews,
) -> list[Source]:
    found = triggers(functions, pools, limit=options.concurrency)
    if house.broker_url.startswith("memory:"):
        return [MemorySource(trigger) for trigger in found]
    return [RabbitSource(trigger, house.broker_url, news) for trigger in found]


def _news_stand(storage: Storage, listening: Sequence[Listener]) -> NewsStand:
    if isinstance(storage, FolderStorage):
        return storage
    return BucketWatch(storage, (each.prefix for each in listening))


def _stop(sources: Sequence[Source], until: float) -> None:
    for source in sources:
        source.stop()
    for source in sources:
        source.join(max(0.0, until - time.monotonic()))


def _close(pools: dict[str, Pool], until: float) -> None:
    if busy := sum(pool.close(until=until) for pool in pools.values()):
        logger.warning("invocations_abandoned", extra={"containers": busy})
