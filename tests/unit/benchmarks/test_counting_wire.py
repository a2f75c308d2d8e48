"""Round trips are counted in a client's bytes, however they are cut into pieces."""

import pytest

from tests.benchmarks.counting_wire import Messages


def message(kind: bytes, content: bytes = b"") -> bytes:
    return kind + (len(content) + 4).to_bytes(4) + content


STARTUP = message(b"", b"\x00\x03\x00\x00user\x00SQ\x00\x00")
QUERY = message(b"Q", b"SELECT 1\x00")
PREPARED = message(b"P", b"SELECT $1") + message(b"B", b"SQ") + message(b"E") + message(b"S")
FLUSH = message(b"H")
ASKED = message(b"B", b"SQ") + message(b"E")
TERMINATE = message(b"X")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
@pytest.mark.parametrize(
    ("sent", "round_trips"),
    [
        (STARTUP, 0),
        (STARTUP + QUERY, 1),
        (STARTUP + PREPARED, 1),
        (STARTUP + QUERY + PREPARED + PREPARED + TERMINATE, 3),
        (STARTUP + ASKED + ASKED + PREPARED, 1),
        (STARTUP + ASKED + FLUSH + ASKED + FLUSH, 2),
        (STARTUP + PREPARED + FLUSH + PREPARED + FLUSH, 2),
    ],
)
def test_each_wait_for_an_answer_counts_once(sent: bytes, round_trips: int, size: int) -> None:
    messages = Messages()
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    assert sum(messages.count(piece) for piece in pieces) == round_trips
