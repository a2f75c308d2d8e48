"""100 million posts a day, simulated: how late they leave, what gives way first, what helps then.

The model is `tests.scale`: measured paces of each part, AWS's quotas, a day with its busy evening
and its full hours, and the budgets of networks. Nothing here is measured but by other benchmarks.
"""

from collections.abc import Iterator

from tests.benchmarks.figure import Figure
from tests.scale.budgets import BUDGETS
from tests.scale.configured import SIZES
from tests.scale.flow import TOO_LATE, let_through
from tests.scale.ladder import SECONDS, Step, carries, climb
from tests.scale.page import PERCENTILES, POSTS, due
from tests.scale.system import deployed


def measure() -> Iterator[Figure]:
    for size in SIZES:
        system = deployed(size)
        yield Figure(
            name=f"simulated: what {size} carries in a day, beside {POSTS:,}; "
            f"gives way first: {system.slowest}",
            unit="posts",
            value=carries(system, due()),
            yardstick=POSTS,
        )
    steps = list(climb(due(), deployed("large")))
    for step in steps:
        yield from _lateness(step, is_last=step is steps[-1])
    for budget in BUDGETS:
        its = [round(each * budget.share) for each in due()]
        let = let_through(its, budget=budget.posts, window=budget.window)
        yield Figure(
            name=f"simulated: posts held at midnight by what {budget.network} lets an application",
            unit="posts",
            value=let.held,
            yardstick=sum(its),
        )


def _lateness(step: Step, *, is_last: bool) -> Iterator[Figure]:
    """Whoever is skipped was an hour late; only the last step has to be fast enough."""
    for share in PERCENTILES:
        is_promised = is_last and share <= 0.99
        yield Figure(
            name=f"simulated: {step.turned}: lateness p{share * 100:g}; "
            f"gives way next: {step.gives_way}",
            unit="s",
            value=min(step.drained.percentile(share), TOO_LATE),
            yardstick=SECONDS,
            goal=1.0 if is_promised else None,
        )
    yield Figure(
        name=f"simulated: {step.turned}: cells, beside one",
        unit="cells",
        value=step.system.cells,
        yardstick=1,
    )
