"""Bounds of what posts and variants may consist of."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.content.domain import rules
from shared.kernel.errors import RuleViolation


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("rule", "fits", "breaks"),
    [
        (rules.demand_title, "x" * 200, "x" * 201),
        (rules.demand_description, "x" * 50_000, "x" * 50_001),
        (rules.demand_description, ".", "\u2003\n"),
        (rules.demand_tags, [str(number) for number in range(50)], ["x"] * 51),
        (rules.demand_tags, [f" {'x' * 50} "], ["x" * 51]),
        (rules.demand_tags, [], [""]),
        (rules.demand_content, ".", " "),
        (rules.demand_tone, "x" * 50, "x" * 51),
        (rules.demand_document, {"a": "x" * (16_384 - 9)}, {"a": "x" * (16_384 - 8)}),
        (rules.demand_document, {"a": "\u20ac" * 5_458}, {"a": "\u20ac" * 5_459}),
        (rules.demand_document, {"a": _nested(19)}, {"a": _nested(20)}),
        (rules.demand_document, {"a": 1e308, "b": True, "c": None}, {"a": float("-inf")}),
    ],
)
def test_bounds(rule: Callable[[Any], None], fits: Any, breaks: Any) -> None:
    rule(fits)
    with pytest.raises(RuleViolation):
        rule(breaks)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" Tea \t at\r\n four ", "Tea   at  four"),
        ("a\x07b\x1b[1m\x7f\x9f", "ab[1m"),
        ("a\u2028b\x85c", "a b c"),
        ("\U0001f469\u200d\U0001f4bb \u202b\u05e9\u05dc\u05d5\u05dd\u202c",) * 2,
        ("\x01", ""),
    ],
)
def test_a_line_is_what_was_meant(written: str, meant: str) -> None:
    assert rules.one_line(written) == meant
