"""Settings: cleaned, measured and merged."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import RuleViolation
from shared.presets.domain.settings_document import (
    SETTINGS_BYTES,
    SETTINGS_DEPTH,
    merged,
    settled,
)

TEXT = st.text(alphabet="ab é👩{", max_size=3)
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), TEXT)
JSON = st.recursive(
    SCALAR,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=4,
)
OBJECT = st.dictionaries(TEXT, JSON, max_size=4)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"a": [1, 2, 3]}, {"a": [9]}, {"a": [9]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ({"a": {"b": 1}}, {"a": {}}, {"a": {"b": 1}}),
    ],
    ids=repr,
)
def test_changes_are_merged_as_the_rfc_says(
    target: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]
) -> None:
    """RFC 7396, appendix A, where both are objects."""
    before = json.dumps([target, patch])
    assert merged(target, patch) == result
    assert json.dumps([target, patch]) == before


@given(OBJECT, OBJECT)
def test_changes_made_twice_change_nothing_more(settings: Any, changes: Any) -> None:
    once = merged(settings, changes)
    assert merged(once, changes) == once


@given(OBJECT)
def test_settings_are_kept_as_they_are(settings: Any) -> None:
    assert settled(settings) == settings


def test_poisoned_keys_are_left_out_at_any_depth() -> None:
    poisoned = {"__proto__": {"x": 1}, "a": [{"constructor": 1, "b": {"prototype": 2, "c": 3}}]}
    assert settled(poisoned) == {"a": [{"b": {"c": 3}}]}


def _nested(depth: int, *, lists: bool) -> Any:
    inner: Any = [] if lists else {}
    for _ in range(depth - 2):
        inner = [inner] if lists else {"a": inner}
    return {"a": inner}


@pytest.mark.parametrize("lists", [False, True])
def test_settings_are_so_deep_and_no_deeper(*, lists: bool) -> None:
    settled(_nested(SETTINGS_DEPTH, lists=lists))
    with pytest.raises(RuleViolation) as refused:
        settled(_nested(SETTINGS_DEPTH + 1, lists=lists))
    assert refused.value.code == "PRESET_TOO_DEEP"


def test_settings_are_so_large_and_no_larger() -> None:
    frame = len('{"a":""}')
    settled({"a": "é" * ((SETTINGS_BYTES - frame) // 2)})
    with pytest.raises(RuleViolation) as refused:
        settled({"a": "x" * (SETTINGS_BYTES - frame + 1)})
    assert refused.value.code == "PRESET_TOO_LARGE"
    assert refused.value.meta == {"bytes": SETTINGS_BYTES + 1, "limit": SETTINGS_BYTES}
