"""docs/scale.md: what a month and a million posts cost, and what 100 million a day would take."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

from shared.channels.adapters.registry import load, slugs
from tests.architecture.tree import ROOT
from tests.scale import bill
from tests.scale.budgets import BUDGETS, beyond
from tests.scale.configured import SIZES
from tests.scale.day import Day
from tests.scale.flow import Drained, let_through
from tests.scale.ladder import Step, carries, climb
from tests.scale.measured import publishers
from tests.scale.system import System, deployed

PATH: Path = ROOT / "docs" / "scale.md"
_TEXT = Path(__file__).parent / "page.md"
POSTS = 100_000_000
_DAY = timedelta(days=1)
PERCENTILES = (0.5, 0.95, 0.99, 0.999)
POSTS_A_DAY = 3
"""Of an account; assumed."""


@cache
def due() -> tuple[int, ...]:
    """The day of all that is told here."""
    return tuple(Day(posts=POSTS).due())


@cache
def steps() -> tuple[Step, ...]:
    return tuple(climb(due(), deployed("large")))


def page() -> str:
    """The whole page: its text, and in it each table by its name."""
    tables = {
        "idle": _sizes(bill.idle, "idle for a month"),
        "million": _sizes(bill.million, "a million posts"),
        "gb_seconds": _gb_seconds(),
        "carries": _carries(),
        "ladder": _ladder(),
        "budgets": _budgets(),
        "prices": _prices(),
    }
    text = _TEXT.read_text()
    for name, table in tables.items():
        text = text.replace(f"{{{{{name}}}}}", "\n".join(table))
    for name, told in _numbers().items():
        text = text.replace(f"{{{{{name}}}}}", told)
    return text


def _numbers() -> Mapping[str, str]:
    ending = steps()[-1].system
    small = dict(bill.idle("small"))
    without_vpc = sum(small.values()) - small["endpoints in its place"]
    return {
        "without_vpc": _dollars(without_vpc),
        "with_stores": _dollars(without_vpc - small["database"] - small["cache"]),
        "read": bill.read_on(),
        "region": bill.region(),
        "ticks": f"{sum(bill.ticks().values()):,}",
        "idle_ticks": _dollars(bill.idle_ticks()),
        "scanning": _dollars(bill.scanning(1000)),
        "picture": _dollars(bill.picture_million("small")),
        "picture_by_gateway": _dollars(bill.picture_million("standard")),
        "cells": f"{ending.cells}",
        "month": f"{_month(ending.cells):,.0f}",
        "containers": f"{ending.cells * ending.queues:,}",
        "peak": f"{max(due()):,}",
        "accounts": _accounts(),
    }


def _table(columns: str, rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = columns.split(", ")
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _sizes(costs: Callable[[str], Mapping[str, float]], total: str) -> Iterator[str]:
    by_size = {size: costs(size) for size in SIZES}
    rows = [[name, *(_dollars(by_size[size][name]) for size in SIZES)] for name in by_size["small"]]
    sums = [f"**{_dollars(sum(by_size[size].values()))}**" for size in SIZES]
    yield from _table(f"US dollars, {', '.join(SIZES)}", [*rows, [f"**{total}**", *sums]])


def _gb_seconds() -> Iterator[str]:
    yield from _table(
        "memory, network, posts a second, posts a GB-second, dollars a million, one at a time",
        (
            [
                f"{each.megabytes:,} MB",
                f"{each.delay * 1000:.0f} ms",
                f"{each.posts_per_second:,.0f}",
                f"{bill.posts_per_gb_second(each.posts_per_second, each.megabytes):,.0f}",
                _dollars(bill.publishing(each.megabytes, 1000, 1000 / each.posts_per_second)),
                _dollars(bill.publishing(each.megabytes, 1, each.alone)),
            ]
            for each in publishers()
        ),
    )


def _carries() -> Iterator[str]:
    rows = []
    for size in SIZES:
        system = deployed(size)
        rows.append(
            [
                size,
                f"{carries(system, due()) / 1e6:.1f} million",
                system.slowest,
                *(f"{pace:,.0f}" for pace in system.paces().values()),
            ]
        )
    yield from _table(f"size, posts a day, gives way first, {', '.join(System().paces())}", rows)


def _ladder() -> Iterator[str]:
    yield from _table(
        "turned, posts a second, p50, p95, p99, p99.9, skipped, gives way next",
        (
            [
                step.turned,
                f"{step.system.pace:,.0f}",
                *(_seconds(step.drained, share) for share in PERCENTILES),
                f"{step.drained.skipped / step.drained.due:.1%}",
                step.gives_way,
            ]
            for step in steps()
        ),
    )


def _budgets() -> Iterator[str]:
    yield from _table(
        "network, lets an application, assumed share of the posts, of which leave that day, source",
        (
            [
                budget.network,
                f"{budget.posts:,} posts in {budget.window // 3600} h",
                f"{budget.share:.0%}",
                _left(budget.share, budget.posts, budget.window),
                budget.source,
            ]
            for budget in BUDGETS
        ),
    )


def _left(share: float, posts: int, window: int) -> str:
    its = [round(each * share) for each in due()]
    let = let_through(its, budget=posts, window=window)
    return f"{1 - let.held / sum(its):.4%}"


def _month(cells: int) -> float:
    millions = 30 * POSTS / 1e6
    return millions * sum(bill.million("large").values()) + cells * sum(bill.idle("large").values())


def _accounts() -> str:
    """Of the network whose cap on an account's day is the lowest."""
    cap, title = min(
        (quota.limit, provider.title)
        for provider in map(load, slugs())
        for quota in provider.quotas
        if quota.period == _DAY
    )
    share = beyond(cap, mean=POSTS_A_DAY)
    return f"{share:.2%} wait for the next day at {title}, which allows {cap}, and fewer elsewhere"


def _prices() -> Iterator[str]:
    yield from _table(
        "what, US dollars, per, read from",
        (
            [
                name.replace("_", " "),
                f"{price.usd:.10f}".rstrip("0").rstrip("."),
                price.per,
                price.source,
            ]
            for name, price in bill.prices().items()
        ),
    )


def _dollars(amount: float) -> str:
    return f"{amount:,.2f}"


def _seconds(drained: Drained, share: float) -> str:
    late = drained.percentile(share)
    if late == float("inf"):
        return "skipped"
    return "under 1 s" if late < 1 else f"{late:,.0f} s"
