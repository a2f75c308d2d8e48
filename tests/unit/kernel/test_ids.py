"""Ids are UUIDv7 and sort by the time they were made."""

import time
from datetime import UTC, datetime
from uuid import RFC_4122

from shared.kernel.ids import earliest_id, new_id


def test_version_and_variant() -> None:
    made = [new_id() for _ in range(200)]
    assert {id_.version for id_ in made} == {7}
    assert {id_.variant for id_ in made} == {RFC_4122}
    assert len(set(made)) == len(made)


def test_the_first_48_bits_are_the_time_in_milliseconds() -> None:
    before = time.time_ns() // 1_000_000
    milliseconds = new_id().int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_later_ones_sort_after_earlier_ones() -> None:
    earlier = new_id()
    time.sleep(0.002)
    assert earlier < new_id()


def test_the_earliest_id_parts_what_was_made_before_from_what_comes() -> None:
    before = new_id()
    time.sleep(0.002)
    at = datetime.now(UTC)
    assert before < earliest_id(at) <= new_id()
