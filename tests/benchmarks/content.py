"""What writing, listing and scheduling cost, alone and through the runner."""

from collections.abc import Iterator
from statistics import median
from typing import Any

import psycopg

from tests.accounts import root
from tests.author import in_future
from tests.benchmarks.callers import CALLERS, calls_per_second, request
from tests.benchmarks.content_door import FEW, MANY, POST, connected, fill, ready_to_schedule
from tests.benchmarks.figure import Figure
from tests.benchmarks.in_process import told_by
from tests.benchmarks.stage import CORES, Servers, Stage, servers, staged
from tests.benchmarks.yardsticks.express import Express, express

ROUNDS = 13
TURN = 1.0
RUNNING_IN = 0.5
SCHEDULED = "create a schedule"
QUERIES = 3
UNLIMITED = {"LIMITS_CALLERS_PER_MINUTE": "0", "LIMITS_ADDRESSES_PER_MINUTE": "0"}

ME = "me"
ORIGINAL = {ME: 1370, "create a post": 760, "list of 50": 570, SCHEDULED: 520}
"""Requests a second that the first Luxaris is said to have answered, on another machine."""


def measure() -> Iterator[Figure]:
    with servers() as there:
        yield from _alone(told_by("tests.benchmarks.content_door", there, **UNLIMITED))
    with servers() as there:
        yield from _through_the_runner(there)


def _alone(told: dict[str, Any]) -> Iterator[Figure]:
    yield Figure(
        name=f"list of 50 among {MANY} posts, 95th percentile, beside that among {FEW}",
        unit="ms",
        value=told["many"]["p95"],
        yardstick=told["few"]["p95"],
        goal=2.0,
    )
    yield Figure(
        name=f"list of 50 among {MANY} posts: queries",
        unit="queries",
        value=told["many"]["queries"],
        yardstick=QUERIES,
        goal=1.0,
    )
    for name, words in (
        ("create", "create a post"),
        ("list", "list of 50"),
        ("schedule", "create a schedule"),
    ):
        each = told[name]
        yield Figure(
            name=f"{words}, warm, beside a bare route and its {each['count']:.0f} statements",
            unit="ms",
            value=each["handler"],
            yardstick=each["route"] + each["statements"],
            goal=1.5,
        )


def _through_the_runner(there: Servers) -> Iterator[Figure]:
    """They take turns, short ones, and each turn is compared with those beside it.

    What is told is the median of ours and of the ratios, and the yardstick that follows from both.

    Each caller schedules a post of its own, as people do, and waits for no other's lock on it.

    The first Luxaris cannot be run here. It is taken to be to its own `me` as it was then, and of
    `me` to answer what Express answers here, which does the same for it: it asks Redis twice and
    PostgreSQL three times, and writes a request log.
    """
    with (
        express(there.folder, there.database, posts=FEW) as original,
        staged(there, CORES, CORES, **UNLIMITED) as everything,
    ):
        own, theirs = _ours(everything), _theirs(original)
        calls_per_second(everything.runner.port, *own[SCHEDULED], seconds=RUNNING_IN)
        calls_per_second(original.port, *theirs[SCHEDULED], seconds=RUNNING_IN)
        _look_at_tables(there.database)
        for name in own:
            rounds = [
                (
                    calls_per_second(everything.runner.port, *own[name], seconds=TURN),
                    calls_per_second(original.port, *theirs[name], seconds=TURN),
                    calls_per_second(original.port, *theirs[ME], seconds=TURN),
                )
                for _ in range(ROUNDS)
            ]
            value = median(ours for ours, _, _ in rounds)
            beside_me = median(ours / me for ours, _, me in rounds)
            beside_theirs = median(ours / same for ours, same, _ in rounds)
            through = f"{name} through the runner, {CALLERS} callers"
            yield Figure(
                name=f"{through}, beside the first Luxaris, as estimated",
                unit="calls/s",
                value=value,
                yardstick=ORIGINAL[name] / ORIGINAL[ME] * value / beside_me,
                goal=1.0,
                bound="at least",
            )
            yield Figure(
                name=f"{through}, beside an Express that does less",
                unit="calls/s",
                value=value,
                yardstick=value / beside_theirs,
            )


def _look_at_tables(database: str) -> None:
    """Statements are planned for what tables held when they were looked at last: not for none."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _ours(everything: Stage) -> dict[str, list[bytes]]:
    account = root(everything.runner.api)
    fill(everything.database, account, FEW)
    on = connected(account, everything.database)
    schedules = [ready_to_schedule(account, on)[1] for _ in range(CALLERS)]
    return _requests({"Authorization": f"Bearer {account.token}"}, schedules)


def _theirs(original: Express) -> dict[str, list[bytes]]:
    schedules = [
        {
            "post_variant_id": variant,
            "channel_connection_id": original.connection,
            "run_at": in_future(days=30),
        }
        for variant in original.variants[:CALLERS]
    ]
    headers = {"X-Session-ID": original.session}
    return {ME: [request("GET", "/api/v1/auth/me", headers)], **_requests(headers, schedules)}


def _requests(headers: dict[str, str], schedules: list[dict[str, Any]]) -> dict[str, list[bytes]]:
    """The list comes first, while both have as many posts."""
    return {
        "list of 50": [request("GET", "/api/v1/posts?limit=50", headers)],
        "create a post": [request("POST", "/api/v1/posts", headers, POST)],
        SCHEDULED: [request("POST", "/api/v1/schedules", headers, each) for each in schedules],
    }
