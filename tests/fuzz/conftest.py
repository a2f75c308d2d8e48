"""How many cases there have been, told at the end: with several workers by the one that gathers."""

from collections import Counter

import pytest

COUNTED = "fuzz cases"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, count in getattr(report, "user_properties", ()):
                if name.startswith(COUNTED) and getattr(report, "when", "") == "call":
                    counts[name] += count
    for name, count in sorted(counts.items()):
        terminalreporter.write_line(f"{name}: {count}")
    if counts:
        terminalreporter.write_line(f"{COUNTED} in all: {counts.total()}")
