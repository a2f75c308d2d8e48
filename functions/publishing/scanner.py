"""Hand over what is due: called by the timer each minute, and by whoever cannot wait for it."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Any

from shared.infrastructure.broker import broker
from shared.infrastructure.events import Event, scheduled_at
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.kernel.errors import Unavailable
from shared.operations.api.ticks import SCANNER, note_tick
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import DUE, RabbitDueQueue
from shared.publishing.adapters.settings import PublishingSettings
from shared.publishing.application.watch_window import Sleep, watch_window

TIME_TO_TELL = 0.05
"""Seconds in which nothing is due, enough to tell that the timer went off."""


def _tell_watchers() -> None:
    """Without the database nobody is told; the window waits for it by itself."""
    with suppress(Unavailable):
        with begin() as work:
            next_look_at = work.schedules.next_look_at(now=utc_now(), lead=timedelta())
        note_tick(SCANNER, utc_now(), next_due_at=next_look_at, queues=DUE)


def _telling(tell: Callable[[], None]) -> Sleep:
    """Sleep that tells in the meantime: what is due at the timer's minute does not wait for it."""

    def sleep(seconds: float) -> None:
        woken_at = time.monotonic() + seconds
        if seconds >= TIME_TO_TELL:
            tell()
        time.sleep(max(0.0, woken_at - time.monotonic()))

    return sleep


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    queue = RabbitDueQueue(broker())
    lease = PublishingSettings.read().lease
    called_at = scheduled_at(event)
    if called_at is None:
        claimed = watch_window(begin, queue, utc_now, time.sleep, called_at=utc_now(), lease=lease)
    else:
        tell_once = cache(_tell_watchers)
        sleep = _telling(tell_once)
        claimed = watch_window(begin, queue, utc_now, sleep, called_at=called_at, lease=lease)
        tell_once()
    return {"claimed": claimed}
