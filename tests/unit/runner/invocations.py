"""Handlers that keep what they were called with."""

import time
from collections import defaultdict
from threading import Event as Flag
from threading import current_thread
from typing import Any

seen: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
let_go = Flag()


def sees(event: dict[str, Any], context: Any) -> dict[str, Any]:
    seen["sees"].append(event)
    return event


def raises(event: dict[str, Any], context: Any) -> None:
    seen["raises"].append(event)
    raise ValueError("as asked")


def raises_at_first(event: dict[str, Any], context: Any) -> None:
    (messages,) = event["rmqMessagesByQueue"].values()
    if not all(message["redelivered"] for message in messages):
        raise ValueError("as asked")
    seen["raises_at_first"].append(event)


def blocks(event: dict[str, Any], context: Any) -> None:
    seen["blocks"].append(event)
    assert let_go.wait(10)


def naps(event: dict[str, Any], context: Any) -> tuple[str, float, float]:
    began_at = time.monotonic()
    time.sleep(0.02)
    return f"{current_thread().ident}", began_at, time.monotonic()


def remaining(event: dict[str, Any], context: Any) -> int:
    left: int = context.get_remaining_time_in_millis()
    return left
