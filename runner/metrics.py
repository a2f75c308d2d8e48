"""The line at work in figures, as Prometheus takes them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from runner.line_state import columns

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Line(Collector):
    """Asked anew each time: the database knows what all processes have done, and did before."""

    def __init__(self, state: Callable[[], dict[str, Any]], queues: Mapping[str, int]) -> None:
        self._state = state
        self._queues = queues

    def collect(self) -> Iterator[Metric]:
        state = self._state()
        schedules = GaugeMetricFamily("luxaris_schedules", "Schedules by status", labels=["status"])
        for status, number in sorted(state["statuses"].items()):
            schedules.add_metric([status], number)
        yield schedules
        yield GaugeMetricFamily("luxaris_due", "Schedules that are due now", state["due"])
        yield GaugeMetricFamily(
            "luxaris_oldest_due_seconds",
            "How long the oldest of them has been due",
            state["oldest_due_seconds"],
        )
        attempts = CounterMetricFamily(
            "luxaris_attempts",
            "Attempts to publish, by network, how they ended, and class of error",
            labels=["network", "status", "error_class"],
        )
        for each in state["attempts"]:
            attempts.add_metric(
                [each["channel"], each["status"], each["error_class"]], each["number"]
            )
        yield attempts
        lateness = HistogramMetricFamily(
            "luxaris_lateness_seconds",
            "How late what was published arrived",
            labels=["network"],
        )
        for network in sorted({network for network, _ in state["lateness"]}):
            seconds = [each for of, each in state["lateness"] if of == network]
            lateness.add_metric([network], columns(seconds), sum(seconds))
        yield lateness
        waiting = GaugeMetricFamily(
            "luxaris_queue_messages", "Messages that wait in a queue", labels=["queue"]
        )
        for queue, number in sorted(self._queues.items()):
            waiting.add_metric([queue], number)
        yield waiting


def prometheus(state: Callable[[], dict[str, Any]], queues: Mapping[str, int]) -> bytes:
    """All of it as text."""
    registry = CollectorRegistry()
    registry.register(_Line(state, queues))
    return generate_latest(registry)
