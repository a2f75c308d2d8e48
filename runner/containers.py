"""Warm Lambda containers, imitated: a thread each, one invocation at a time."""

import asyncio
import contextvars
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from queue import SimpleQueue
from threading import Event as Flag
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

from runner.cores import keep_to_all
from runner.record_keeper import record_keeper
from runner.template import Function
from shared.infrastructure.recording import answer_first
from shared.kernel.clock import utc_now

logger = logging.getLogger(__name__)

Record = Callable[[datetime, str, dict[str, Any], bool], None]
"""Told of every invocation that ended: when it began, whose it was, its event, whether it ended
well."""


@dataclass(frozen=True, kw_only=True)
class LambdaContext:
    """The part of Lambda's second argument that does not need AWS."""

    function_name: str
    aws_request_id: str
    deadline: float

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - time.monotonic()) * 1000))


@dataclass(eq=False, kw_only=True)
class _Invocation:
    event: dict[str, Any]
    answer: "Future[Any]" = field(default_factory=Future)


class Container:
    """One thread with an event loop of its own that takes invocations from `work`, in turn."""

    def __init__(
        self, function: Function, work: "SimpleQueue[_Invocation | None]", record: Record | None
    ) -> None:
        self._function = function
        self._work = work
        self._record = record
        self._overdue_at: float | None = None
        self.thread = Thread(target=self._run, name=function.name, daemon=True)
        self.thread.start()

    def report_overdue(self) -> None:
        """Say once that an invocation runs longer than Lambda would let it."""
        overdue_at = self._overdue_at
        if overdue_at is not None and time.monotonic() > overdue_at:
            self._overdue_at = None
            logger.warning(
                "invocation_over_time",
                extra={"function": self._function.name, "timeout": self._function.timeout},
            )

    def _run(self) -> None:
        if not (self._function.is_kept_warm or self._function.of_kind("HttpApi")):
            keep_to_all()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        while (invocation := self._work.get()) is not None:
            if invocation.answer.set_running_or_notify_cancel():
                contextvars.Context().run(self._invoke, invocation)
        loop.close()

    def _invoke(self, invocation: _Invocation) -> None:
        began_at = utc_now()
        context = LambdaContext(
            function_name=self._function.name,
            aws_request_id=str(uuid4()),
            deadline=time.monotonic() + self._function.timeout,
        )
        self._overdue_at = context.deadline
        with answer_first() as left:
            try:
                answer = self._function.load()(invocation.event, context)
            except BaseException as error:
                logger.error(  # noqa: TRY400 the traceback is asked for
                    "invocation_failed", extra={"function": self._function.name}, exc_info=error
                )
                self._ended(began_at, invocation, ok=False)
                invocation.answer.set_exception(error)
            else:
                self._ended(began_at, invocation, ok=True)
                invocation.answer.set_result(answer)
        for ended in left:
            record_keeper().put(ended)

    def _ended(self, began_at: datetime, invocation: _Invocation, *, ok: bool) -> None:
        self._overdue_at = None
        if self._record is not None:
            self._record(began_at, self._function.name, invocation.event, ok)


class Pool:
    """The containers of one function: up to `size`, a further one whenever none is free."""

    def __init__(self, function: Function, *, size: int, record: Record | None = None) -> None:
        self.function = function
        self._size = size
        self._record = record
        self._work: SimpleQueue[_Invocation | None] = SimpleQueue()
        self._containers: list[Container] = []
        self._unanswered = 0
        self._lock = Lock()

    def submit(self, event: dict[str, Any]) -> "Future[Any]":
        """Invoke later, in a container; the answer holds what the handler returned or raised."""
        invocation = _Invocation(event=event)
        with self._lock:
            self._unanswered += 1
            if len(self._containers) < min(self._unanswered, self._size):
                self._containers.append(Container(self.function, self._work, self._record))
        invocation.answer.add_done_callback(self._answered)
        self._work.put(invocation)
        return invocation.answer

    def _answered(self, _answer: "Future[Any]") -> None:
        with self._lock:
            self._unanswered -= 1

    def invoke(self, event: dict[str, Any]) -> Any:
        """Invoke and wait; raises what the handler raised."""
        return self.submit(event).result()

    def report_overdue(self) -> None:
        for container in self._containers:
            container.report_overdue()

    def close(self, *, until: float) -> int:
        """Let what runs end, at most until that reading of the monotonic clock.

        Answers how many containers still were busy then; they are left behind.
        """
        for _ in self._containers:
            self._work.put(None)
        for container in self._containers:
            container.thread.join(max(0.0, until - time.monotonic()))
        record_keeper().settle(until)
        return sum(container.thread.is_alive() for container in self._containers)


def watch(pools: Iterable[Pool], stop: Flag) -> None:
    """Report invocations that run over time, until told to stop."""
    watched = list(pools)
    while not stop.wait(1.0):
        for pool in watched:
            pool.report_overdue()
