"""Do what messages of the outbox ask for, each once as far as the world allows."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from shared.kernel.clock import Clock
from shared.operations.application.ports import BeginWork
from shared.operations.domain.outbox import Done, Ending, GiveUp, OutboxMessage, TryAgain

logger = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=40)
"""After so long nothing more is begun, so that the last one ends in the function's time."""

Do = Callable[[OutboxMessage], Ending]


@dataclass(frozen=True, kw_only=True)
class WorkedOff:
    done: int = 0
    deferred: int = 0
    failed: int = 0
    put_back: int = 0


def work_off(
    begin: BeginWork, clock: Clock, do: Do, *, queue: str, message_ids: Collection[UUID]
) -> WorkedOff:
    """Take messages under a lease, then do and record one after the other.

    Each is recorded once it is done: a crash in between repeats that one alone, when its lease and
    its backoff are over. What is already done, or in other hands, is left alone.

    Raises:
        Unavailable: the database is down; what was not recorded is tried again.
    """
    began = clock()
    with begin() as arrivals:
        taken = arrivals.take(queue, message_ids, now=began)
    endings: list[Ending] = []
    for message in taken:
        if clock() - began >= PATIENCE:
            break
        ending = _attempt(do, message)
        with begin() as arrivals:
            arrivals.record(message.id, ending, now=clock())
        endings.append(ending)
    left = [message.id for message in taken[len(endings) :]]
    if left:
        with begin() as arrivals:
            arrivals.put_back(left, now=clock())
    return _counted(endings, put_back=len(left))


def _attempt(do: Do, message: OutboxMessage) -> Ending:
    try:
        ending = do(message)
    except Exception as error:  # whatever it is, the others' turn comes
        logger.exception("outbox_message_raised", extra={"message_id": str(message.id)})
        return TryAgain(type(error).__name__)
    if not isinstance(ending, Done):
        logger.warning(
            "outbox_message_not_done",
            extra={
                "message_id": str(message.id),
                "ending": type(ending).__name__,
                "reason": ending.reason,
            },
        )
    return ending


def _counted(endings: Sequence[Ending], *, put_back: int) -> WorkedOff:
    return WorkedOff(
        done=sum(isinstance(ending, Done) for ending in endings),
        deferred=sum(isinstance(ending, TryAgain) for ending in endings),
        failed=sum(isinstance(ending, GiveUp) for ending in endings),
        put_back=put_back,
    )
