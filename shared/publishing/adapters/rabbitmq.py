"""Queues of publishing and what travels in them."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.infrastructure.broker import DEAD, Broker
from shared.infrastructure.events import Message
from shared.kernel.errors import Unavailable
from shared.publishing.domain.attempt import Claim

logger = logging.getLogger(__name__)

DUE = "publishing.due"
WAKE = "publishing.wake"
VERSION = 1


@dataclass(frozen=True)
class RabbitDueQueue:
    broker: Broker

    def connect(self) -> None:
        self.broker.connect()

    def send(self, claims: Sequence[Claim]) -> None:
        self.broker.send(
            DUE,
            [
                {
                    "version": VERSION,
                    "schedule_id": str(claim.schedule_id),
                    "fencing_token": claim.fencing_token,
                }
                for claim in claims
            ],
        )


def wake_scanner(broker: Broker) -> None:
    """Call a scanner now; without it the timer's next one comes within a minute."""
    try:
        broker.send(WAKE, [{"version": VERSION}])
    except Unavailable:
        logger.warning("scanner_not_woken")


def read_claims(messages: Iterable[Message]) -> tuple[list[Claim], list[Message]]:
    """Tell the claims of a batch from what nobody can read."""
    claims, poison = [], []
    for message in messages:
        try:
            claims.append(_claim(message.json()))
        except (ValueError, KeyError, TypeError, RecursionError):
            poison.append(message)
    return claims, poison


def bury(broker: Broker, poison: Sequence[Message]) -> None:
    """Put unreadable messages aside, so that the rest of their batch goes on.

    Raises:
        Unavailable: then the whole batch comes again.
    """
    for message in poison:
        logger.error("poison_message", extra={"queue": message.queue, "bytes": len(message.body)})
        broker.send(
            f"{message.queue}{DEAD}",
            [{"reason": "unreadable", "body": message.body[:10_000].decode(errors="replace")}],
        )


def _claim(body: dict[str, object]) -> Claim:
    if body["version"] != VERSION:
        raise ValueError("a version from the future")
    token = body["fencing_token"]
    if type(token) is not int or not 0 < token < 1 << 63:
        raise ValueError("not a token this database could have given")
    return Claim(schedule_id=UUID(str(body["schedule_id"])), fencing_token=token)
