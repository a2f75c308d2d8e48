"""One measured figure, held against its yardstick."""

import json
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`value` and `yardstick` are in `unit` and from the same run; `goal` bounds their ratio.

    Where the promise is an absolute one, the yardstick is the promise and the goal is 1. Without
    a goal it is only reported, and nothing is to be met or missed.
    """

    name: str
    unit: str
    value: float
    yardstick: float
    goal: float | None = None
    bound: Literal["at most", "at least"] = "at most"

    @property
    def ratio(self) -> float:
        return self.value / self.yardstick if self.yardstick else float(self.value > 0)

    @property
    def ok(self) -> bool | None:
        if self.goal is None:
            return None
        return self.ratio <= self.goal if self.bound == "at most" else self.ratio >= self.goal

    def line(self) -> str:
        return json.dumps(
            {
                "name": self.name,
                "unit": self.unit,
                "value": round(self.value, 4),
                "yardstick": round(self.yardstick, 4),
                "ratio": round(self.ratio, 3),
                "goal": None if self.goal is None else f"{self.bound} {self.goal:g}",
                "ok": self.ok,
            }
        )
