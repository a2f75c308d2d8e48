"""Ids are UUIDv7 and sort by the time they were made."""

import time
from datetime import UTC, datetime
from itertools import pairwise
from uuid import RFC_4122

from shared.kernel.ids import earliest_id, new_id, new_ids


def test_version_and_variant() -> None:
    made = [new_id() for _ in range(200)]
    assert {id_.version for id_ in made} == {7}
    assert {id_.variant for id_ in made} == {RFC_4122}
    assert len(set(made)) == len(made)


def test_the_first_48_bits_are_the_time_in_milliseconds() -> None:
    before = time.time_ns() // 1_000_000
    milliseconds = new_id().int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_later_ones_sort_after_earlier_ones_of_the_same_millisecond_too() -> None:
    made = []
    for _ in range(200):
        made.append(new_id())
        time.sleep(1e-6)  # longer than a quarter microsecond
    assert made == sorted(made)
    assert any(one.int >> 80 == other.int >> 80 for one, other in pairwise(made))


def test_those_made_at_once_keep_their_order_across_a_millisecond() -> None:
    made = new_ids(10_000)
    assert made == sorted(made)
    assert len({id_.int >> 80 for id_ in made}) > 2


def test_the_earliest_id_parts_what_was_made_before_from_what_comes() -> None:
    before = new_id()
    time.sleep(0.002)
    at = datetime.now(UTC)
    assert before < earliest_id(at) <= new_id()


def test_many_at_once_are_as_good_as_one_by_one() -> None:
    made = new_ids(200)
    assert {id_.version for id_ in made} == {7}
    assert {id_.variant for id_ in made} == {RFC_4122}
    assert len({id_.int & (1 << 62) - 1 for id_ in made}) == len(made) == 200
    assert new_ids(0) == []
