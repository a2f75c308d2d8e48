"""The outbox driven by hand: between two steps the test may interfere."""

import time
from collections.abc import Mapping, Sequence
from mailbox import Maildir
from typing import Any
from uuid import uuid4

import pika
from sqlalchemy import Row, text

from runner.containers import Pool
from runner.queues import Delivery, Trigger, queue_event
from runner.timers import tick_event
from shared.infrastructure.broker import declare
from shared.infrastructure.database import engine, transaction
from shared.infrastructure.mail import MailSettings
from shared.infrastructure.maildir import maildir_folder
from shared.kernel.clock import utc_now
from shared.kernel.ids import OrganizationId
from shared.operations.api.outbox import enqueue
from shared.operations.api.relay import WAKE
from tests.deployed_functions import function

MAIL = "notifications.mail"
SIGN_UPS = "operations.signups"
IMPORTS = "content.imports"
FETCHES = "media.fetch"
FITS = "media.fit"
CONSUMERS = {
    MAIL: "NotificationsMailer",
    SIGN_UPS: "OperationsAuditor",
    IMPORTS: "ContentImporter",
    FETCHES: "MediaFetcher",
    FITS: "MediaFitter",
}


class Post:
    """The relay and whoever it has things done by, a container each, and queues between them."""

    def __init__(self, broker_url: str) -> None:
        self._pools = {
            name: Pool(function(name), size=1) for name in ("OperationsRelay", *CONSUMERS.values())
        }
        self._connection = pika.BlockingConnection(pika.URLParameters(broker_url))
        self._channel = self._connection.channel()
        for queue in (*CONSUMERS, WAKE):
            declare(self._channel, queue)
            self._channel.queue_purge(queue)
            self._channel.queue_purge(f"{queue}.dead")
        self.organization_id = _organization()

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close(until=time.monotonic() + 10)
        self._connection.close()

    def ask(self, queue: str, *bodies: Mapping[str, Any]) -> None:
        with transaction() as session:
            for body in bodies:
                enqueue(session, queue, body, organization_id=self.organization_id, at=utc_now())

    def write_to(self, *addresses: str, **changes: Any) -> None:
        self.ask(MAIL, *(letter(address, **changes) for address in addresses))

    def relay(self) -> int:
        """Let the timer call the relay; answers how many messages it sent."""
        sent: int = self._pools["OperationsRelay"].invoke(tick_event("OperationsRelay", utc_now()))[
            "sent"
        ]
        return sent

    def taken(self, queue: str) -> list[bytes]:
        """Take all that waits in a queue."""
        bodies: list[bytes] = []
        while True:
            method, _, body = self._channel.basic_get(queue, auto_ack=True)
            if method is None or body is None:
                return bodies
            bodies.append(body)

    def deliver(self, queue: str, bodies: Sequence[bytes]) -> dict[str, int]:
        """Deliver messages to the function of a queue as one batch; answers how they ended."""
        pool = self._pools[CONSUMERS[queue]]
        trigger = Trigger(queue=queue, virtual_host="/", batch_size=len(bodies), pool=pool, limit=1)
        event = queue_event(trigger, [Delivery(body=body, redelivered=False) for body in bodies])
        ended: dict[str, int] = pool.invoke(event)
        return ended

    def run(self, queue: str = MAIL) -> dict[str, int]:
        """Relay what is due, then deliver all of it."""
        self.relay()
        return self.deliver(queue, self.taken(queue))


def letter(to: str = "ada@example.com", **changes: Any) -> dict[str, Any]:
    parameters = {"name": "Ada"}
    return {
        "template": "account_approved",
        "to": to,
        "locale": "en",
        "parameters": parameters,
        **changes,
    }


def rows() -> Sequence[Row[Any]]:
    """What the outbox holds, in the order in which it was asked for."""
    with engine().connect() as connection:
        return connection.execute(text("SELECT * FROM outbox_messages ORDER BY created_at")).all()


def states() -> list[str]:
    return [row.state for row in rows()]


def let_backoff_pass() -> None:
    """Let the next attempt of all that waits be due, and every lease be over."""
    with engine().begin() as connection:
        connection.execute(
            text(
                "UPDATE outbox_messages SET next_attempt_at = now() - interval '1 second',"
                " taken_until = NULL WHERE state = 'waiting'"
            )
        )


def mailbox() -> Maildir:
    """Where the tests' mail ends."""
    return Maildir(maildir_folder(MailSettings.read().url), create=True)


def _organization() -> OrganizationId:
    organization_id = OrganizationId(uuid4())
    with engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO organizations (id, name, session_policy, created_at, updated_at)"
                " VALUES (:id, 'Ours', 'multiple', now(), now())"
            ),
            {"id": organization_id},
        )
    return organization_id
