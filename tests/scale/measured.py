"""What `make bench` has measured of this code: the model has no other facts of it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
WHOLE_CORE_MB = 1769
"""Memory at which Lambda gives a function one core."""
CORES_PER_ACU = 0.25
"""An Aurora capacity unit has 2 GiB, and the machines below have 8 for each core; assumed."""
KEPT_BUSY = 0.7
"""How much of a database's cores may be used at a peak, so that its queues stay short; assumed."""


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """One container on full batches: `delay` of the network in seconds, `alone` those a single
    post takes."""

    megabytes: int
    delay: float
    posts_per_second: float
    alone: float


@cache
def facts() -> dict[str, Any]:
    return tomllib.loads((_FOLDER / "measured.toml").read_text())


def publishers() -> list[Publisher]:
    return [Publisher(**each) for each in facts()["publisher"]]


def cores(megabytes: float) -> float:
    return megabytes / WHOLE_CORE_MB
