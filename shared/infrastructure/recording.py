"""An invocation, written down when it is over: whoever it answers does not wait for that.

On Lambda an answer leaves once the handler returns, and so does the runner's. What is left to do
then is done after it, by `after_answers` there and by whoever has said `answer_first` here; where
there is neither, just before it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from shared.infrastructure.after_answers import after_answers
from shared.infrastructure.events import Event, carrier_of, correlation_of
from shared.infrastructure.logging import configure_logging, honoured_id, request_id
from shared.infrastructure.metrics import tell
from shared.infrastructure.record_store import store, where
from shared.infrastructure.records import Figure, Records, current
from shared.infrastructure.tracing import send_spans, span_from

logger = logging.getLogger(__name__)

Handler = Callable[[Event, Any], Any]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What is to be kept and told of an invocation that is over."""

    requests: Sequence[Callable[[], dict[str, Any]]]
    logs: Sequence[dict[str, Any]]
    figures: Sequence[Figure]


Left = list[Ended]

_left: ContextVar[Left | None] = ContextVar("left", default=None)


@contextmanager
def answer_first() -> Iterator[Left]:
    """Leave it to the caller to `keep` what invocations in the block leave."""
    left: Left = []
    token = _left.set(left)
    try:
        yield left
    finally:
        _left.reset(token)


def be_ready() -> None:
    """While a function is loaded: logs get their shape, and Lambda knows that we go on later.

    Raises:
        InvalidSetting: rather now than with each answer.
    """
    configure_logging()
    where()
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
    ended = Ended(
        requests=[] if records.request is None else [records.request],
        logs=records.finished(),
        figures=records.figures,
    )
    if (left := _left.get()) is not None:
        left.append(ended)
    elif (after := after_answers()) is not None:
        after.leave(partial(keep, ended))
    else:
        keep(ended)


def keep(*ended: Ended) -> None:
    """Of any number of invocations at once; nothing is raised."""
    store(
        [line for each in ended for request in each.requests if (line := _described(request))],
        [log for each in ended for log in each.logs],
    )
    tell([figure for each in ended for figure in each.figures])
    send_spans()


def _described(request: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return request()
    except Exception:
        logger.exception("request_not_described")
        return None
