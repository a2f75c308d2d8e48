"""Figures of an invocation, told at its end as CloudWatch takes them: lines of standard output.

Nobody is asked and nobody waits: CloudWatch reads them out of the function's log (embedded metric
format). Away from Lambda nothing is told; the runner has figures of its own at `/dev/metrics`.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from shared.infrastructure import records
from shared.infrastructure.settings import Settings

NAMESPACE = "Luxaris"

_AT_ONCE = 100
"""Values of a figure in one line at most (CloudWatch, embedded metric format specification)."""

Unit = Literal["Count", "Milliseconds", "Seconds"]


@dataclass(frozen=True, kw_only=True)
class AwsLambdaSettings(Settings):
    """Lambda's own word: what it calls the function, empty anywhere else."""

    function_name: str = ""


def measure(name: str, value: float, unit: Unit, **dimensions: str) -> None:
    """Note a figure of the running invocation, by what it is of; outside of one, nothing."""
    if (running := records.current.get()) is not None:
        running.figures.append((name, value, unit, tuple(sorted(dimensions.items()))))


def tell(figures: Sequence[records.Figure]) -> None:
    """Write them where CloudWatch finds them, if this is Lambda."""
    if figures and AwsLambdaSettings.read().function_name:
        for line in _lines(figures):
            sys.stdout.write(json.dumps(line) + "\n")


def _lines(figures: Sequence[records.Figure]) -> Iterator[dict[str, Any]]:
    """One for each set of dimensions, and more where there are many values."""
    values: defaultdict[tuple[tuple[str, str], ...], defaultdict[tuple[str, str], list[float]]]
    values = defaultdict(lambda: defaultdict(list))
    for name, value, unit, dimensions in figures:
        values[dimensions][name, unit].append(value)
    for dimensions, named in values.items():
        for (name, unit), all_of_it in named.items():
            each = iter(all_of_it)
            while part := list(islice(each, _AT_ONCE)):
                directive = {
                    "Namespace": NAMESPACE,
                    "Dimensions": [[dimension for dimension, _ in dimensions]],
                    "Metrics": [{"Name": name, "Unit": unit}],
                }
                timestamp = time.time_ns() // 1_000_000
                yield {
                    "_aws": {"Timestamp": timestamp, "CloudWatchMetrics": [directive]},
                    **dict(dimensions),
                    name: part,
                }
