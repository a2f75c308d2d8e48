"""A figure says by itself whether its goal is met."""

import json
from typing import Literal

import pytest

from tests.benchmarks.figure import Figure


@pytest.mark.parametrize(
    ("value", "yardstick", "goal", "bound", "ok"),
    [
        (1.3, 1.0, 1.3, "at most", True),
        (1.31, 1.0, 1.3, "at most", False),
        (0.9, 1.0, 0.9, "at least", True),
        (0.89, 1.0, 0.9, "at least", False),
        (0.0, 5000.0, 0.0, "at most", True),
        (1.0, 5000.0, 0.0, "at most", False),
        (1.0, 0.0, 0.5, "at most", False),
        (1.0, 2.0, None, "at most", None),
    ],
)
def test_goal(
    value: float,
    yardstick: float,
    goal: float | None,
    bound: Literal["at most", "at least"],
    *,
    ok: bool | None,
) -> None:
    figure = Figure(name="n", unit="s", value=value, yardstick=yardstick, goal=goal, bound=bound)
    assert figure.ok is ok


def test_line_tells_which_way_the_goal_bounds() -> None:
    figure = Figure(
        name="throughput", unit="posts/s", value=900, yardstick=1000, goal=0.9, bound="at least"
    )
    assert json.loads(figure.line()) == {
        "name": "throughput",
        "unit": "posts/s",
        "value": 900,
        "yardstick": 1000,
        "ratio": 0.9,
        "goal": "at least 0.9",
        "ok": True,
    }
