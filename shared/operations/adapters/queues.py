"""What travels between the outbox and whoever does what it asks for: ids, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.infrastructure.broker import Broker
from shared.infrastructure.events import Message
from shared.infrastructure.poison import Poison, Unreadable, read_body

VERSION = 1
TOGETHER = 20
"""How many ids travel in one message at most; a message is confirmed and delivered as one."""


@dataclass(frozen=True)
class RabbitQueues:
    broker: Broker

    def connect(self) -> None:
        self.broker.connect()

    def send(self, queue: str, message_ids: Sequence[UUID]) -> None:
        ids = [str(message_id) for message_id in message_ids]
        parts = [ids[first : first + TOGETHER] for first in range(0, len(ids), TOGETHER)]
        self.broker.send(queue, [{"version": VERSION, "ids": part} for part in parts])


def read_ids(messages: Iterable[Message]) -> tuple[dict[str, list[UUID]], list[Poison]]:
    """Tell the ids of a batch, by queue, from what nobody can read."""
    by_queue: dict[str, list[UUID]] = {}
    poison: list[Poison] = []
    for message in messages:
        try:
            by_queue.setdefault(message.queue, []).extend(read_body(message, _READERS))
        except Unreadable as error:
            poison.append(Poison(message=message, reason=str(error)))
    return by_queue, poison


def _ids(body: Mapping[str, Any]) -> list[UUID]:
    ids = body["ids"]
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise TypeError("a list of texts is due")
    return [UUID(each) for each in ids]


_READERS = {VERSION: _ids}
