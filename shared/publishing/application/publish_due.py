"""Publish a batch of claims: attempts are started, sent and recorded side by side, sets at a time.

    claims → start (database) → ready → send (network) → ended → record (database)

The database is asked in a thread of its own beside the loop, so one thing at a time: while calls
are under way, the next attempts are started and the last outcomes recorded.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar

from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.publishing.application.delivery_ports import (
    BeginDelivering,
    Deliver,
    Delivery,
    Networks,
)
from shared.publishing.application.ports import Wake
from shared.publishing.application.prepare_attempts import prepare_attempts
from shared.publishing.application.record_endings import record_endings
from shared.publishing.domain.attempt import Claim, Ending
from shared.publishing.domain.outcome import Deferred, Failure, Outcome, Unsettled
from shared.publishing.domain.window import LEAD

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

CHUNK = 200
"""How many attempts are started, or endings recorded, in one transaction at most."""
FIRST = 50
"""How many are started at least in a batch's first one, for which its senders wait."""
RECORD_WITHIN = 0.6
"""Seconds an ending waits for others to be recorded with, while more is to come."""
RECORD_TRIES = 5
RECORD_PAUSE = 1.0

STARTING = 20.0
SENDING = 25.0
"""Seconds after which a batch starts, and sends, nothing more: what it has sent by then is
recorded before the function's time is up."""


def publish_due(
    begin: BeginDelivering,
    networks: Networks,
    clock: Clock,
    wake: Wake,
    *,
    claims: Sequence[Claim],
    lease: timedelta,
    in_flight: int,
    starting: float = STARTING,
    sending: float = SENDING,
) -> int:
    """Start, deliver and record; answers how many attempts were made.

    Nothing leaves before its instant as this clock tells it, and at most `in_flight` calls are
    under way at a time. A stale or repeated claim starts nothing; one for which no time is left is
    let go, so that the scanner takes it again at once. Should recording fail to the end, the leases
    lapse and the next attempts look before they send.

    Raises:
        Unavailable: the database is down.
    """
    if not claims:
        return 0
    batch = _Batch(
        begin,
        clock,
        wake,
        claims=claims,
        lease=lease,
        in_flight=in_flight,
        starting=starting,
        sending=sending,
    )
    return asyncio.run(batch.run(networks))


class _Batch:
    def __init__(
        self,
        begin: BeginDelivering,
        clock: Clock,
        wake: Wake,
        *,
        claims: Sequence[Claim],
        lease: timedelta,
        in_flight: int,
        starting: float,
        sending: float,
    ) -> None:
        self._begin = begin
        self._clock = clock
        self._wake = wake
        self._claims = claims
        self._lease = lease
        self._starting = starting
        self._sending = sending
        self._senders = min(in_flight, len(claims))
        self._database = ThreadPoolExecutor(1)
        self._ready: asyncio.Queue[Delivery | None] = asyncio.Queue(CHUNK)
        self._ended: asyncio.Queue[Ending | None] = asyncio.Queue()
        self._runs_dry = False
        self._attempts = 0
        self._gave_up = False

    async def run(self, networks: Networks) -> int:
        self._began = asyncio.get_running_loop().time()
        try:
            async with networks.connect() as deliver:
                await self._publish(deliver)
        finally:
            # A chunk that still waits would be started, and nobody there to send it.
            self._database.shutdown(cancel_futures=True)
        return self._attempts

    async def _publish(self, deliver: Deliver) -> None:
        sides = [asyncio.create_task(self._start()), asyncio.create_task(self._record())]
        await asyncio.gather(*(self._send(deliver) for _ in range(self._senders)))
        self._ended.put_nowait(None)
        for failure in await asyncio.gather(*sides, return_exceptions=True):
            if failure is not None:
                raise failure

    async def _start(self) -> None:
        """A chunk ahead of the senders; the first has one for each, or these would wait for it."""
        failure: Exception | None = None
        try:
            await self._start_chunks()
        except Exception as error:  # noqa: BLE001 the senders must come to their end first
            failure = error
        for _ in range(self._senders):
            await self._ready.put(None)
        if failure is not None:
            raise failure

    async def _start_chunks(self) -> None:
        first, size = 0, min(max(FIRST, self._senders), CHUNK)
        while first < len(self._claims) and not self._gave_up:
            if self._elapsed() > self._starting:
                await self._ask(self._release, self._claims[first:])
                return
            await self._start_chunk(self._claims[first : first + size])
            first, size = first + size, CHUNK

    async def _start_chunk(self, claims: Sequence[Claim]) -> None:
        prepared = await self._ask(
            prepare_attempts, self._begin, self._clock, claims=claims, lease=self._lease
        )
        self._attempts += len(prepared)
        for each in sorted(prepared, key=lambda one: one.attempt.wanted_at):
            if isinstance(each, Ending):
                await self._ended.put(each)
            else:
                await self._ready.put(each)

    def _release(self, claims: Sequence[Claim]) -> None:
        with self._begin() as work:
            work.schedules.release(claims, now=self._clock())

    async def _send(self, deliver: Deliver) -> None:
        """One call after another; a batch that cannot record sends nothing more."""
        while (delivery := await self._ready.get()) is not None:
            await self._come(delivery.attempt.wanted_at)
            if self._gave_up:
                continue
            if self._elapsed() > self._sending:
                await self._ended.put(_not_reached(delivery))
            else:
                await self._ended.put(await deliver(delivery))
        if not self._runs_dry:
            self._runs_dry = True
            self._ended.put_nowait(None)

    async def _come(self, instant: datetime) -> None:
        """Sleep until then, but no longer than claims are ahead: this clock may be behind."""
        ahead = min(instant - self._clock(), LEAD)
        if ahead > timedelta():
            await asyncio.sleep(ahead.total_seconds())

    async def _record(self) -> None:
        """What is under way goes on meanwhile.

        Once a sender has nothing left to send, what has ended so far is recorded beside the last
        calls; so little is left to do when these have ended.
        """
        stretches = 2
        try:
            while stretches:
                gathered = await self._gather()
                endings = [each for each in gathered if each is not None]
                stretches -= len(gathered) - len(endings)
                if endings:
                    await self._record_all(endings)
        except Unavailable:
            self._gave_up = True
            raise

    async def _gather(self) -> list[Ending | None]:
        """What has ended, and what ends a moment later; the last is `None` at a stretch's end."""
        gathered = [await self._ended.get()]
        with suppress(TimeoutError):
            async with asyncio.timeout(RECORD_WITHIN):
                while len(gathered) < CHUNK and gathered[-1] is not None:
                    gathered.append(await self._ended.get())
        return gathered

    async def _record_all(self, endings: Sequence[Ending]) -> None:
        """An ending that cannot be recorded must not take the others with it."""
        for tries_left in reversed(range(RECORD_TRIES)):
            try:
                await self._ask(
                    record_endings, self._begin, self._clock, self._wake, endings=endings
                )
            except Unavailable:
                if not tries_left:
                    raise
                await asyncio.sleep(RECORD_PAUSE)
            except Exception:
                logger.exception("ending_not_recorded", extra={"endings": len(endings)})
                if len(endings) > 1:
                    for each in endings:
                        await self._record_all([each])
                return
            else:
                return

    async def _ask(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        asked = partial(copy_context().run, question, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._database, asked)

    def _elapsed(self) -> float:
        return asyncio.get_running_loop().time() - self._began


def _not_reached(delivery: Delivery) -> Ending:
    failure = Failure(
        error_class="platform", code="NO_TIME_LEFT", words="Others took too long; nothing was sent"
    )
    if not delivery.attempt.is_open:
        outcome: Outcome = Deferred(failure=failure, is_spent=False)
    else:
        outcome = Unsettled(failure=failure, recoverable=True)
    return Ending(attempt=delivery.attempt, outcome=outcome)
