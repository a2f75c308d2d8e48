"""If-Match, taken apart: the tags that may match, whatever stands beside them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.versions import strong_tags

_TAGS = st.tuples(st.booleans(), st.text(st.characters(exclude_characters='"'), max_size=5))


@pytest.mark.parametrize(
    ("value", "strong"),
    [
        ('"4"', ["4"]),
        ('""', [""]),
        ('"1", "4"', ["1", "4"]),
        ('"1","4"', ["1", "4"]),
        ('W/"4"', []),
        ('W/"1", "4"', ["4"]),
        ('"4", W/"1"', ["4"]),
        ('W/"1","4",W/"2", "5"', ["4", "5"]),
        ('"W/", "4"', ["W/", "4"]),
        ('"a, b"', ["a, b"]),
    ],
)
def test_weak_tags_are_dropped_and_no_others(value: str, strong: list[str]) -> None:
    assert strong_tags(value) == strong


@given(st.lists(_TAGS), st.sampled_from([",", ", ", " , "]))
def test_any_list_of_tags(tags: Sequence[tuple[bool, str]], comma: str) -> None:
    value = comma.join(f'{"W/" if is_weak else ""}"{tag}"' for is_weak, tag in tags)
    assert strong_tags(value) == [tag for is_weak, tag in tags if not is_weak]
