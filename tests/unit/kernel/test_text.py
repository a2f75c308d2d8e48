"""What can be stored, found in any place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import RuleViolation
from shared.kernel.text import DOCUMENT_DEPTH, demand_storable, plain_name

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=15,
)


@given(JSON)
def test_json_is_storable(value: Any) -> None:
    demand_storable(value)


@pytest.mark.parametrize("poison", ["a\0", "\ud800", float("nan"), float("inf")])
@given(JSON)
def test_poison_is_found_anywhere(poison: Any, value: Any) -> None:
    for hidden in ([value, poison], {"a": value, "b": [poison]}, [[[{"x": {"y": poison}}]]]):
        with pytest.raises(RuleViolation):
            demand_storable(hidden)
    if isinstance(poison, str):
        with pytest.raises(RuleViolation):
            demand_storable({"a": {poison: value}})


def test_it_is_nested_so_deep_and_no_deeper() -> None:
    value: Any = 1
    for _ in range(DOCUMENT_DEPTH):
        value = [value]
    demand_storable(value)
    with pytest.raises(RuleViolation):
        demand_storable([value])


@pytest.mark.parametrize("text", ["", "\n", "<b></b>", "x" * 11, "x" + "<b>" * 14])
def test_a_name_is_so_long_once_it_is_plain(text: str) -> None:
    assert plain_name(" <i>x</i>\x07" + "y" * 8, 10) == "x " + "y" * 8
    with pytest.raises(RuleViolation):
        plain_name(text, 10)
