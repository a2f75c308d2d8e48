"""Triggers of the template and the events of their batches."""

import base64
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pika import BasicProperties

from runner.containers import Pool
from runner.queues import Delivery, Trigger, queue_event, triggers
from runner.template import Function
from runner.template import Trigger as TemplateTrigger
from shared.infrastructure.events import rabbitmq_messages

REAL = json.loads((Path(__file__).parents[2] / "events" / "rabbitmq.json").read_text())

READER = Function(
    name="Reader",
    handler="tests.unit.runner.invocations.sees",
    timeout=29,
    environment={},
    triggers=(
        TemplateTrigger(
            kind="MQ",
            properties={
                "Queues": ["pizzaQueue"],
                "BatchSize": 7,
                "SourceAccessConfigurations": [
                    {"Type": "BASIC_AUTH", "URI": "arn"},
                    {"Type": "VIRTUAL_HOST", "URI": "/"},
                ],
            },
        ),
    ),
)


def trigger() -> Trigger:
    pool = Pool(READER, size=0)
    (found,) = triggers([READER], {"Reader": pool}, limit=2)
    return found


def test_trigger_is_read_from_the_template() -> None:
    found = trigger()
    assert (found.queue, found.virtual_host, found.batch_size) == ("pizzaQueue", "/", 7)


def test_event_has_the_shape_of_a_real_one() -> None:
    (real_messages,) = REAL["rmqMessagesByQueue"].values()
    (real,) = real_messages
    delivery = Delivery(
        body=base64.b64decode(real["data"]),
        redelivered=False,
        properties=BasicProperties(
            content_type="text/plain",
            headers={"header1": "value1", "header2": "value2", "numberInHeader": 10},
            delivery_mode=1,
            priority=34,
            expiration="60000",
            timestamp=2021,
            user_id="AIDACKCEVSQ6C2EXAMPLE",
        ),
    )
    event = queue_event(trigger(), [delivery])
    assert event.keys() == REAL.keys()
    (built,) = event["rmqMessagesByQueue"]["pizzaQueue::/"]
    # The size in AWS's example is not that of its data.
    assert built.pop("basicProperties") == {**real["basicProperties"], "bodySize": 43}
    assert built == {key: real[key] for key in ("redelivered", "data")}


@given(bodies=st.lists(st.binary(), max_size=5), redelivered=st.booleans())
def test_messages_survive(bodies: list[bytes], redelivered: bool) -> None:  # noqa: FBT001
    batch = [Delivery(body=body, redelivered=redelivered) for body in bodies]
    event = json.loads(json.dumps(queue_event(trigger(), batch)))
    assert event["eventSource"] == "aws:rmq"
    messages = list(rabbitmq_messages(event))
    assert [message.body for message in messages] == bodies
    assert {message.queue for message in messages} <= {"pizzaQueue"}
    assert {each["redelivered"] for each in event["rmqMessagesByQueue"]["pizzaQueue::/"]} <= {
        redelivered
    }
