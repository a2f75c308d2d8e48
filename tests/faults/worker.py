"""What a worker process does until it is killed: one function's real handler, with real events."""

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag

import time_machine

from runner.broker_news import BrokerNews
from runner.containers import Pool
from runner.queues import triggers
from runner.rabbit_source import RabbitSource
from runner.template import PATH, Template, function_named
from runner.timers import tick_event
from shared.kernel.clock import utc_now
from tests.faults.meddler import meddle
from tests.faults.plain import admit

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_PAUSE = 0.3

logger = logging.getLogger(__name__)


def work(role: str, number: int, log: Path, clock_is_ahead: float) -> None:
    """Play a role; `number` tells the workers of one role apart, `clock_is_ahead` in seconds."""
    ctypes.CDLL("libc.so.6").prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    with log.open("ab", buffering=0) as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # it tells each lost connection in pages
    admit()
    if clock_is_ahead:
        shown = datetime.now(UTC) + timedelta(seconds=clock_is_ahead)
        time_machine.travel(shown, tick=True).start()
    ROLES[role](number)


def _scan(number: int) -> None:
    _tick_for_ever("PublishingScanner")


def _refresh(number: int) -> None:
    _tick_for_ever("ChannelsTokenRefresher")


def _tick_for_ever(name: str) -> None:
    """A timer that hardly waits; its function may fail, as it may on Lambda."""
    handler = function_named(Template(PATH.read_text(), os.environ).functions, name).load()
    while True:
        try:
            handler(tick_event(name, utc_now()), None)
        except Exception:
            logger.exception("tick_failed")
        time.sleep(_PAUSE)


def _publish(number: int) -> None:
    """One container, fed from all queues."""
    url = os.environ["BROKER_URL"]
    function = function_named(
        Template(PATH.read_text(), os.environ).functions, "PublishingPublisher"
    )
    pools = {function.name: Pool(function, size=1)}
    for trigger in triggers([function], pools, limit=1):
        RabbitSource(trigger, url, BrokerNews(url)).start()
    Flag().wait()


def _run_all(number: int) -> None:
    """The whole local runner, which has every function."""
    import local_runner

    data = f"{os.environ['FAULTS_FOLDER']}/runner-{number}"
    sys.argv = ["local_runner.py", "up", "--port", "0", "--data", data]
    sys.exit(local_runner.main())


def _meddle(number: int) -> None:
    meddle(os.environ["BROKER_URL"], seed=number)


ROLES: dict[str, Callable[[int], None]] = {
    "scanner": _scan,
    "publisher": _publish,
    "refresher": _refresh,
    "runner": _run_all,
    "meddler": _meddle,
}
