"""An invocation, written down when it is over: whoever it answers does not wait for that.

On Lambda an answer leaves once the handler returns, and so does the runner's. What is left to do
then is done after it where somebody says they will, `answer_first`, else just before it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from shared.infrastructure.events import Event, correlation_of
from shared.infrastructure.logging import configure_logging, honoured_id, request_id
from shared.infrastructure.record_store import store
from shared.infrastructure.records import Records, current

logger = logging.getLogger(__name__)

Handler = Callable[[Event, Any], Any]
Left = list[Callable[[], None]]

_left: ContextVar[Left | None] = ContextVar("left", default=None)


@contextmanager
def answer_first() -> Iterator[Left]:
    """Leave to the caller what invocations have to do after their answers; each is called once."""
    left: Left = []
    token = _left.set(left)
    try:
        yield left
    finally:
        _left.reset(token)


@contextmanager
def invocation(records: Records) -> Iterator[Records]:
    """Bind what everything below belongs to; at its end, keep what there is to keep."""
    bound, begun = request_id.set(records.request_id), current.set(records)
    try:
        yield records
    except BaseException as error:
        records.add_failure(error)
        raise
    finally:
        current.reset(begun)
        request_id.reset(bound)
        _finish(records)


def recorded(handler: Handler) -> Handler:
    """The handler of a timer or a queue; its module needs nothing more for its logs."""
    configure_logging()
    name = "".join(part.title() for part in handler.__module__.split(".")[1:]).replace("_", "")

    @wraps(handler)
    def invoke(event: Event, context: Any) -> Any:
        with invocation(Records(request_id=honoured_id(correlation_of(event)), function=name)):
            return handler(event, context)

    return invoke


def _finish(records: Records) -> None:
    requests = [] if records.request is None else [records.request]
    logs = records.finished()
    if not requests and not logs:
        return
    if (left := _left.get()) is None:
        store(requests, logs)
    else:
        left.append(lambda: store(requests, logs))
