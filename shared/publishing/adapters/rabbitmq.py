"""Queues of publishing and what travels in them."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.infrastructure.broker import Broker, broker
from shared.infrastructure.events import Message
from shared.infrastructure.poison import Poison, Unreadable, read_body
from shared.kernel.errors import Unavailable
from shared.publishing.application.ports import Claimed
from shared.publishing.domain.attempt import Claim

logger = logging.getLogger(__name__)

DUE = tuple(f"publishing.due.{number}" for number in range(4))
"""The queues of claims. A connection has two of them, so that one account's slow network holds up
only those who share them."""

WAKE = "publishing.wake"
VERSION = 2

CLAIMS = 50
"""How many claims travel in one message at most; a message is confirmed and delivered as one."""


def queues_of(channel_connection_id: UUID) -> tuple[str, str]:
    """The two queues of a connection: one would leave some of the publishers idle by chance."""
    number = channel_connection_id.int
    first = number % len(DUE)
    other = (first + 1 + number // len(DUE) % (len(DUE) - 1)) % len(DUE)
    return DUE[first], DUE[other]


@dataclass(frozen=True)
class RabbitDueQueue:
    broker: Broker

    def connect(self) -> None:
        self.broker.connect()

    def send(self, claims: Sequence[Claimed]) -> None:
        for queue, claimed in _shared_out(claims).items():
            rows = [[str(claim.schedule_id), claim.fencing_token] for claim in claimed]
            parts = [rows[first : first + CLAIMS] for first in range(0, len(rows), CLAIMS)]
            self.broker.send(queue, [{"version": VERSION, "claims": part} for part in parts])


def _shared_out(claims: Sequence[Claimed]) -> Mapping[str, Sequence[Claim]]:
    """By queue; a connection's go together, to that of its two which has fewer so far."""
    by_connection: defaultdict[UUID, list[Claim]] = defaultdict(list)
    for each in claims:
        by_connection[each.channel_connection_id].append(each.claim)
    by_queue: defaultdict[str, list[Claim]] = defaultdict(list)
    for connection_id, its in by_connection.items():
        fewer = min(queues_of(connection_id), key=lambda queue: len(by_queue[queue]))
        by_queue[fewer] += its
    return by_queue


def wake_scanner() -> None:
    """Call a scanner now; without it the timer's next one comes within a minute."""
    try:
        broker().send(WAKE, [{"version": VERSION}])
    except Unavailable:
        logger.warning("scanner_not_woken")


def read_claims(messages: Iterable[Message]) -> tuple[list[Claim], list[Poison]]:
    """Tell the claims of a batch from what nobody can read."""
    claims: list[Claim] = []
    poison: list[Poison] = []
    for message in messages:
        try:
            claims += read_body(message, _READERS)
        except Unreadable as error:
            poison.append(Poison(message=message, reason=str(error)))
    return claims, poison


def _alone(body: Mapping[str, Any]) -> list[Claim]:
    return [_claim(body["schedule_id"], body["fencing_token"])]


def _together(body: Mapping[str, Any]) -> list[Claim]:
    return [_claim(schedule_id, token) for schedule_id, token in body["claims"]]


def _claim(schedule_id: object, token: object) -> Claim:
    if type(token) is not int or not 0 < token < 1 << 63:
        raise ValueError("not a token this database could have given")
    return Claim(schedule_id=UUID(str(schedule_id)), fencing_token=token)


_READERS = {1: _alone, VERSION: _together}
