"""An invocation, written down when it is over: whoever it answers does not wait for that.

On Lambda an answer leaves once the handler returns, and so does the runner's. What is left to do
then is done after it, by `after_answers` there and by whoever has said `answer_first` here; where
there is neither, just before it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from shared.infrastructure.after_answers import after_answers
from shared.infrastructure.events import Event, carrier_of, correlation_of
from shared.infrastructure.logging import configure_logging, honoured_id, request_id
from shared.infrastructure.metrics import tell
from shared.infrastructure.record_store import store
from shared.infrastructure.records import Records, current
from shared.infrastructure.tracing import send_spans, span_from

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


def be_ready() -> None:
    """While a function is loaded: logs get their shape, and Lambda knows that we go on later."""
    configure_logging()
    after_answers()


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
    be_ready()
    name = "".join(part.title() for part in handler.__module__.split(".")[1:]).replace("_", "")

    @wraps(handler)
    def invoke(event: Event, context: Any) -> Any:
        begun = Records(request_id=honoured_id(correlation_of(event)), function=name)
        with invocation(begun), span_from(carrier_of(event), name, "consumer"):
            return handler(event, context)

    return invoke


def _finish(records: Records) -> None:
    requests = [] if records.request is None else [records.request]
    logs = records.finished()

    def finish() -> None:
        store(requests, logs)
        tell(records.figures)
        send_spans()

    if (left := _left.get()) is not None:
        left.append(finish)
    elif (after := after_answers()) is not None:
        after.leave(finish)
    else:
        finish()
