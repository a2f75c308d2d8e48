"""The events AWS sends, read."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from shared.infrastructure.events import rabbitmq_messages

SAMPLES = sorted((Path(__file__).parents[2] / "events").glob("*.json"))


def _rabbitmq(**bodies: list[bytes]) -> dict[str, Any]:
    """Shape: AWS, "Using Lambda with Amazon MQ", RabbitMQ event."""
    return {
        "eventSource": "aws:rmq",
        "eventSourceArn": "arn:aws:mq:eu-central-1:123456789012:broker:luxaris:b-0",
        "rmqMessagesByQueue": {
            f"{queue}::/": [
                {
                    "basicProperties": {"contentType": "application/json", "deliveryMode": 2},
                    "redelivered": False,
                    "data": base64.b64encode(body).decode(),
                }
                for body in messages
            ]
            for queue, messages in bodies.items()
        },
    }


def test_messages_of_all_queues_are_read_in_order() -> None:
    event = _rabbitmq(due=[b'{"n":1}', b'{"n":2}'], wake=[b"{}"])
    read = [(message.queue, message.json()) for message in rabbitmq_messages(event)]
    assert read == [("due", {"n": 1}), ("due", {"n": 2}), ("wake", {})]


@pytest.mark.parametrize("poison", [b"", b"{", b"\xff\xfe"])
def test_a_body_is_not_believed_before_it_is_decoded(poison: bytes) -> None:
    [message] = rabbitmq_messages(_rabbitmq(due=[poison]))
    assert message.body == poison
    with pytest.raises(ValueError, match=r"."):
        message.json()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_samples_are_one_json_object_each(sample: Path) -> None:
    assert isinstance(json.loads(sample.read_text()), dict)


@pytest.mark.parametrize(
    "sample", [path for path in SAMPLES if "rmq" in path.stem or "rabbit" in path.stem], ids=str
)
def test_samples_of_rabbitmq_are_read(sample: Path) -> None:
    event = json.loads(sample.read_text())
    assert list(rabbitmq_messages(event))
