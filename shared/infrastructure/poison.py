"""Messages that nobody can read: told from the others, and put aside with the reason."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.infrastructure.broker import DEAD, Broker
from shared.infrastructure.events import Message
from shared.infrastructure.metrics import measure

logger = logging.getLogger(__name__)

T = TypeVar("T")

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


def read_body(message: Message, readers: Mapping[int, Callable[[Mapping[str, Any]], T]]) -> T:
    """What a message says, by the reader of its version.

    While a release takes over from the one before, both send and both read. So the newest version
    that is read may be one that nobody sends yet, and the one before it stays for a release.

    Raises:
        Unreadable: it is oversized, malformed or of another version.
    """
    if len(message.body) > LONGEST:
        raise Unreadable("oversized")
    try:
        body: Mapping[str, Any] = message.json()
        version = body["version"]
        if type(version) is not int or version not in readers:
            raise Unreadable("unknown version")
        return readers[version](body)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable("malformed") from error


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
        measure("DeadLetters", 1, "Count", Queue=message.queue)
        body = message.body[:_KEPT].decode(errors="replace")
        broker.send(f"{message.queue}{DEAD}", [{"reason": each.reason, "body": body}])
