"""The line from scanner to network, driven by hand: between two steps the test may interfere."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pika
from sqlalchemy import text

from runner.containers import Pool
from runner.queues import Delivery, Trigger, queue_event
from runner.timers import tick_event
from shared.infrastructure.broker import RabbitBroker, declare
from shared.infrastructure.database import engine
from shared.infrastructure.events import Message
from shared.kernel.clock import utc_now
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import DUE, WAKE, RabbitDueQueue, read_claims
from shared.publishing.application.queue_due import queue_due
from shared.publishing.domain.attempt import Claim
from shared.publishing.domain.schedule import LEASE
from tests.deployed_functions import function


class Line:
    def __init__(self, broker_url: str) -> None:
        self._scanner = Pool(function("PublishingScanner"), size=1)
        self._publisher = Pool(function("PublishingPublisher"), size=1)
        self._broker = RabbitBroker(broker_url)
        self._connection = pika.BlockingConnection(pika.URLParameters(broker_url))
        self._channel = self._connection.channel()
        for queue in (*DUE, WAKE):
            declare(self._channel, queue)
            self._channel.queue_purge(queue)
            self._channel.queue_purge(f"{queue}.dead")

    def close(self) -> None:
        for pool in (self._scanner, self._publisher):
            pool.close(until=time.monotonic() + 10)
        self._broker.close()
        self._connection.close()

    def tick(self) -> int:
        """Let the timer call the scanner; answers what it claimed by the end of its window."""
        claimed: int = self._scanner.invoke(tick_event("PublishingScanner", utc_now()))["claimed"]
        return claimed

    def scan(self) -> int:
        """Claim and queue what is due by now, and wait for nothing."""
        queue, claimed = RabbitDueQueue(self._broker), 0
        while found := queue_due(begin, queue, utc_now, lease=LEASE):
            claimed += found
        return claimed

    def taken(self, *queues: str) -> list[bytes]:
        """Take all that waits in queues; of claims, unless others are named."""
        return [body for queue in queues or DUE for body in self._take(queue)]

    def claims(self) -> list[Claim]:
        """Take all claims that wait in the queues, for a publisher that is called by hand."""
        claims, _ = read_claims(Message(queue=DUE[0], body=body) for body in self.taken())
        return claims

    def publish(self, bodies: Sequence[bytes]) -> int:
        """Deliver messages to the publisher as one batch; answers the attempts it made."""
        trigger = Trigger(
            queue=DUE[0], virtual_host="/", batch_size=len(bodies), pool=self._publisher, limit=1
        )
        event = queue_event(trigger, [Delivery(body=body, redelivered=False) for body in bodies])
        attempts: int = self._publisher.invoke(event)["attempts"]
        return attempts

    def start_and_die(self) -> None:
        """Be a publisher that starts its attempts and ends before the first call."""
        with begin() as work:
            assert work.schedules.start(self.claims(), now=utc_now(), lease=LEASE)

    def run(self) -> int:
        """Scan, then publish all that was queued."""
        self.scan()
        return self.publish(self.taken())

    def _take(self, queue: str) -> Iterator[bytes]:
        while True:
            method, _, body = self._channel.basic_get(queue, auto_ack=True)
            if method is None or body is None:
                return
            yield body


def make_due(schedule_id: UUID | str, *, late: timedelta = timedelta(seconds=1)) -> None:
    """Let the moment of a schedule be past: its run, its retry, or the end of its lease."""
    with engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE schedules SET next_attempt_at = now() - :late,"
                " held_until = CASE WHEN held_until IS NULL THEN NULL ELSE now() - :late END,"
                " lease_expires_at = CASE WHEN lease_expires_at IS NULL THEN NULL"
                " ELSE now() - :late END WHERE id = :id"
            ),
            {"id": schedule_id, "late": late},
        )


def make_due_at(schedule_id: UUID | str, moment: datetime) -> None:
    """Nearer than the API lets anybody schedule."""
    with engine().begin() as connection:
        connection.execute(
            text("UPDATE schedules SET run_at = :at, next_attempt_at = :at WHERE id = :id"),
            {"at": moment, "id": schedule_id},
        )


def pass_rate_windows() -> None:
    """Let the networks' windows end: whatever they said they would not take, they take again."""
    with engine().begin() as connection:
        connection.execute(text("UPDATE connection_budgets SET resets_at = now()"))
