"""Figures of an invocation, told at its end as CloudWatch takes them: lines of standard output.

Nobody is asked and nobody waits: CloudWatch reads them out of the function's log (embedded metric
format). Away from Lambda they are logged, a line for each figure.
"""

import json
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from shared.infrastructure import records
from shared.infrastructure.settings import Settings

logger = logging.getLogger(__name__)

_AT_ONCE = 100
"""Values of a figure in one line at most (CloudWatch, embedded metric format specification)."""

Unit = Literal["Count", "Seconds"]
_Values = Mapping[tuple[tuple[str, str], ...], Mapping[tuple[str, str], list[float]]]
"""By dimensions, and in them by name and unit."""


@dataclass(frozen=True, kw_only=True)
class AwsLambdaSettings(Settings):
    """Lambda's own word: what it calls the function, empty anywhere else."""

    function_name: str = ""


@dataclass(frozen=True, kw_only=True)
class MetricsSettings(Settings):
    """`namespace` keeps apart what several deployments in one account tell."""

    namespace: str = "luxaris"


def measure(name: str, value: float, unit: Unit, **dimensions: str) -> None:
    """Note a figure of the running invocation, by what it is of; outside of one, nothing."""
    if (running := records.current.get()) is not None:
        running.figures.append((name, value, unit, tuple(sorted(dimensions.items()))))


def tell(figures: Sequence[records.Figure]) -> None:
    """Write them where CloudWatch finds them, if this is Lambda; else log them."""
    if not figures:
        return
    values = _gathered(figures)
    if AwsLambdaSettings.read().function_name:
        for line in _lines(values, MetricsSettings.read().namespace):
            sys.stdout.write(json.dumps(line) + "\n")
    else:
        _log(values)


def _gathered(figures: Sequence[records.Figure]) -> _Values:
    values: defaultdict[tuple[tuple[str, str], ...], defaultdict[tuple[str, str], list[float]]]
    values = defaultdict(lambda: defaultdict(list))
    for name, value, unit, dimensions in figures:
        values[dimensions][name, unit].append(value)
    return values


def _log(values: _Values) -> None:
    for dimensions, named in values.items():
        for (name, unit), all_of_it in named.items():
            summary = {"count": len(all_of_it), "sum": sum(all_of_it), "largest": max(all_of_it)}
            told = {"figure": name, "unit": unit, **summary, **dict(dimensions)}
            logger.info("figure_measured", extra=told)


def _lines(values: _Values, namespace: str) -> Iterator[dict[str, Any]]:
    """One for each set of dimensions, and more where there are many values.

    Each counts by what it is of, and with all others of its name: alarms add nothing up.
    """
    for dimensions, named in values.items():
        named_by = [dimension for dimension, _ in dimensions]
        for (name, unit), all_of_it in named.items():
            each = iter(all_of_it)
            while part := list(islice(each, _AT_ONCE)):
                directive = {
                    "Namespace": namespace,
                    "Dimensions": [*([named_by] if named_by else []), []],
                    "Metrics": [{"Name": name, "Unit": unit}],
                }
                timestamp = time.time_ns() // 1_000_000
                yield {
                    "_aws": {"Timestamp": timestamp, "CloudWatchMetrics": [directive]},
                    **dict(dimensions),
                    name: part,
                }
