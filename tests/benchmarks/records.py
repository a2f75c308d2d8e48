"""What the four tiers of records cost a request: with them, without them, in turns."""

from collections.abc import Iterator

from tests.benchmarks.figure import Figure
from tests.benchmarks.in_process import told_by
from tests.benchmarks.stage import servers

UNLIMITED = {"LIMITS_CALLERS_PER_MINUTE": "0", "LIMITS_ADDRESSES_PER_MINUTE": "0"}


def measure() -> Iterator[Figure]:
    with servers() as there:
        told = told_by("tests.benchmarks.records_door", there, **UNLIMITED)
    for name, words in (("list", "list of 50"), ("create", "create a post"), ("me", "me")):
        each = told[name]
        yield Figure(
            name=f"{words}: what the four tiers of records cost, of the handler's time",
            unit="ms",
            value=each["on"] - each["off"],
            yardstick=each["on"],
            goal=0.15,
        )
        yield Figure(
            name=f"{words}: all of the work, what is done after the answer too, beside none",
            unit="ms",
            value=each["on"] + each["after"],
            yardstick=each["off"],
        )
