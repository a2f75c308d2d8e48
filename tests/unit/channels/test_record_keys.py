"""Record keys made from ours."""

from datetime import UTC, datetime
from uuid import UUID

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


def test_keys_made_in_one_instant_differ() -> None:
    ids = [str(new_id()) for _ in range(20_000)]
    assert len({tid(each) for each in ids}) == len(ids)


def test_a_key_tells_the_day_of_its_uuid() -> None:
    number = 0
    for digit in tid("01a1f937-b5fc-74fb-8317-81656206348c"):
        number = number * 32 + ALPHABET.index(digit)
    made = datetime.fromtimestamp((number >> 10) / 1_000_000, UTC)
    milliseconds = UUID("01a1f937-b5fc-74fb-8317-81656206348c").int >> 80
    assert made.date() == datetime.fromtimestamp(milliseconds / 1000, UTC).date()
