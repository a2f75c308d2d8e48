"""Record keys made from ours."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from shared.channels.domain.record_keys import tid
from shared.kernel.ids import new_id
from tests.simulator.bluesky_rules import is_tid

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


@given(st.uuids())
def test_any_uuid_gives_a_valid_key_and_always_the_same(key: UUID) -> None:
    assert is_tid(tid(str(key)))
    assert tid(str(key)) == tid(str(key).upper())


def test_keys_differ() -> None:
    ids = [str(new_id()) for _ in range(2000)] + [str(uuid4()) for _ in range(2000)]
    assert len({tid(each) for each in ids}) == len(ids)


def test_a_key_tells_the_time_of_its_uuid() -> None:
    number = 0
    for digit in tid(str(new_id())):
        number = number * 32 + ALPHABET.index(digit)
    made = datetime.fromtimestamp((number >> 10) / 1_000_000, UTC)
    assert abs(datetime.now(UTC) - made) < timedelta(seconds=5)
