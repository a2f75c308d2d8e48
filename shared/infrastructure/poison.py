"""Messages that nobody can read: told from the others, and put aside with the reason."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.infrastructure.broker import DEAD, Broker
from shared.infrastructure.events import Message

logger = logging.getLogger(__name__)

LONGEST = 64 * 1024
"""Bytes of a message; nothing we send comes near."""

_KEPT = 10_000
"""Bytes of an unreadable message, for whoever looks at it."""


@dataclass(frozen=True, kw_only=True)
class Poison:
    """A message that cannot be read, and why."""

    message: Message
    reason: str


class Unreadable(Exception):
    """What is wrong, in a word or two."""


def read_body(message: Message, *, version: int) -> Mapping[str, Any]:
    """The fields of a message of that version.

    Raises:
        Unreadable: it is oversized, malformed or of another version.
    """
    if len(message.body) > LONGEST:
        raise Unreadable("oversized")
    try:
        body: Mapping[str, Any] = message.json()
        found = body["version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable("malformed") from error
    if found != version:
        raise Unreadable("unknown version")
    return body


def bury(broker: Broker, poison: Sequence[Poison]) -> None:
    """Put unreadable messages aside with the reason, so that the rest of their batch goes on.

    Raises:
        Unavailable: then the whole batch comes again.
    """
    for each in poison:
        message = each.message
        logger.error(
            "poison_message",
            extra={"queue": message.queue, "reason": each.reason, "bytes": len(message.body)},
        )
        body = message.body[:_KEPT].decode(errors="replace")
        broker.send(f"{message.queue}{DEAD}", [{"reason": each.reason, "body": body}])
