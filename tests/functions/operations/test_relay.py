"""The relay: every message reaches its queue, whatever is down or dies on the way."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from runner.services.processes import free_port
from shared.infrastructure.broker import RabbitBroker
from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.kernel.errors import Unavailable
from shared.operations.adapters.departures import begin
from shared.operations.adapters.queues import RabbitQueues
from shared.operations.application.relay_due import relay_due
from shared.operations.domain.outbox import ATTEMPTS, BACKOFF
from tests.deployed_functions import functions
from tests.outbox import CONSUMERS, MAIL, SIGN_UPS, Post, let_backoff_pass, rows, states
from tests.simultaneously import simultaneously


def sent_ids(bodies: list[bytes]) -> list[str]:
    return [each for body in bodies for each in json.loads(body)["ids"]]


def test_a_message_leaves_for_its_queue_and_says_nothing_on_the_way(post: Post) -> None:
    post.write_to("ada@example.com")
    post.ask(SIGN_UPS, {"user_id": "somebody"})
    assert post.relay() == 2
    mail, sign_up = rows()
    (body,) = post.taken(MAIL)
    assert json.loads(body) == {"version": 1, "ids": [str(mail.id)]}
    assert sent_ids(post.taken(SIGN_UPS)) == [str(sign_up.id)]


def test_what_has_left_is_not_sent_again_before_its_backoff_is_over(post: Post) -> None:
    post.write_to("ada@example.com")
    before = utc_now()
    assert [post.relay(), post.relay()] == [1, 0]
    (row,) = rows()
    assert row.attempts == 1
    assert row.next_attempt_at - before >= BACKOFF[0]
    let_backoff_pass()
    assert post.relay() == 1
    assert len(sent_ids(post.taken(MAIL))) == 2


@pytest.mark.parametrize("attempts", range(1, ATTEMPTS))
def test_each_attempt_waits_longer(post: Post, attempts: int) -> None:
    post.write_to("ada@example.com")
    _set_attempts(attempts - 1)
    before = utc_now()
    post.relay()
    (row,) = rows()
    waits = row.next_attempt_at - before
    assert BACKOFF[attempts - 1] <= waits < BACKOFF[attempts - 1] + timedelta(seconds=30)


def test_what_was_tried_as_often_as_is_tried_is_given_up(post: Post) -> None:
    post.write_to("ada@example.com")
    _set_attempts(ATTEMPTS)
    assert post.relay() == 0
    (row,) = rows()
    assert (row.state, row.attempts) == ("failed", ATTEMPTS)
    assert row.last_error
    assert row.sealed_body
    assert post.taken(MAIL) == []


def test_while_the_broker_is_away_nothing_is_counted(post: Post) -> None:
    post.write_to("ada@example.com")
    nobody = RabbitQueues(RabbitBroker(f"amqp://guest:guest@127.0.0.1:{free_port()}/%2F"))
    with pytest.raises(Unavailable):
        relay_due(begin, nobody, utc_now)
    assert rows()[0].attempts == 0
    assert post.relay() == 1


class Halting:
    """A broker that goes away after so many messages."""

    def __init__(self, queues: RabbitQueues, *, after: int) -> None:
        self._queues = queues
        self._left = after

    def connect(self) -> None:
        self._queues.connect()

    def send(self, queue: str, message_ids: list[object]) -> None:
        if not self._left:
            raise Unavailable("BROKER_UNAVAILABLE", "gone")
        self._left -= 1
        self._queues.send(queue, message_ids)  # type: ignore[arg-type]


def test_what_a_failing_broker_did_not_take_is_due_again_at_once(
    post: Post, environment: dict[str, str]
) -> None:
    post.write_to("ada@example.com")
    post.ask(SIGN_UPS, {"user_id": "somebody"})
    broker = RabbitBroker(environment["BROKER_URL"])
    with pytest.raises(Unavailable):
        relay_due(begin, Halting(RabbitQueues(broker), after=1), utc_now)  # type: ignore[arg-type]
    broker.close()
    assert sorted(row.attempts for row in rows()) == [0, 1]
    assert post.relay() == 1
    assert len(post.taken(MAIL) + post.taken(SIGN_UPS)) == 2


def test_a_relay_that_dies_between_commit_and_send_loses_nothing(post: Post) -> None:
    post.write_to("ada@example.com")
    with begin() as departures:
        assert departures.claim(now=utc_now(), limit=10)
    assert post.relay() == 0
    let_backoff_pass()
    assert post.relay() == 1
    assert post.deliver(MAIL, post.taken(MAIL))["done"] == 1


def test_four_relays_at_once_send_each_of_a_thousand_messages_once(
    post: Post, environment: dict[str, str]
) -> None:
    post.write_to(*(f"person{number}@example.com" for number in range(1000)))

    def relay() -> int:
        broker = RabbitBroker(environment["BROKER_URL"])
        sent = relay_due(begin, RabbitQueues(broker), utc_now)
        broker.close()
        return sent

    counted = simultaneously([relay] * 4)
    post.relay()  # a set that a slower relay still held
    assert sum(counted) <= 1000
    assert sorted(sent_ids(post.taken(MAIL))) == sorted(str(row.id) for row in rows())


def test_what_somebody_is_at_is_not_sent_again(post: Post) -> None:
    post.write_to("ada@example.com")
    let_backoff_pass()
    with engine().begin() as connection:
        connection.execute(
            text("UPDATE outbox_messages SET taken_until = now() + interval '1 minute'")
        )
    assert post.relay() == 0
    assert states() == ["waiting"]


def test_every_queue_of_the_outbox_has_somebody_behind_it() -> None:
    behind = {
        queue: each.name
        for each in functions()
        for trigger in each.of_kind("MQ")
        for queue in trigger.properties["Queues"]
    }
    assert CONSUMERS.items() <= behind.items()


def _set_attempts(attempts: int) -> None:
    with engine().begin() as connection:
        connection.execute(text("UPDATE outbox_messages SET attempts = :n"), {"n": attempts})
