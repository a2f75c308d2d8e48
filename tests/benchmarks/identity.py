"""What it costs to be known: `GET /auth/me` and a login, alone and through the runner.

Rate limits are on where one call is measured, for they are part of it, and far away; through the
runner they are off.
"""

from collections.abc import Iterator

from tests.accounts import PASSWORD
from tests.benchmarks.callers import CALLERS, calls_per_second, request
from tests.benchmarks.figure import Figure
from tests.benchmarks.in_process import told_by
from tests.benchmarks.stage import CORES, Servers, servers, staged
from tests.benchmarks.yardsticks.express import express

ROUNDS = 3
ROOT_EMAIL = "root@example.com"
FAR_AWAY = {
    "LIMITS_CALLERS_PER_MINUTE": "1000000",
    "LIMITS_ADDRESSES_PER_MINUTE": "1000000",
}


def measure() -> Iterator[Figure]:
    with servers() as there:
        yield from _alone(told_by("tests.benchmarks.front_door", there, **FAR_AWAY))
        yield _through_the_runner(there)


def _alone(told: dict[str, float]) -> Iterator[Figure]:
    yield Figure(
        name="me, warm, beside a bare FastAPI route through Mangum",
        unit="µs",
        value=told["me"],
        yardstick=told["bare"],
        goal=1.5,
    )
    yield Figure(
        name="me, warm: database queries",
        unit="queries",
        value=told["queries"],
        yardstick=0,
        goal=0,
    )
    yield Figure(
        name="me, warm: round trips to the cache",
        unit="round trips",
        value=told["round_trips"],
        yardstick=1,
        goal=1,
    )
    yield Figure(
        name="login, median, beside the bare Argon2 verification",
        unit="ms",
        value=told["login"],
        yardstick=told["argon2"],
        goal=1.15,
    )


def _through_the_runner(there: Servers) -> Figure:
    """They take turns; the best of a few rounds, because noise only ever adds."""
    unlimited = {"LIMITS_CALLERS_PER_MINUTE": "0", "LIMITS_ADDRESSES_PER_MINUTE": "0"}
    path = "/api/v1/auth/me"
    with (
        express(there.folder, there.database, posts=1) as original,
        staged(there, CORES, CORES, **unlimited) as everything,
    ):
        runner = everything.runner
        login = runner.api.post("/auth/login", {"email": ROOT_EMAIL, "password": PASSWORD})
        bearer = {"Authorization": f"Bearer {login.json['access_token']}"}
        rounds = [
            (
                calls_per_second(runner.port, request("GET", path, bearer)),
                calls_per_second(
                    original.port, request("GET", path, {"X-Session-ID": original.session})
                ),
            )
            for _ in range(ROUNDS)
        ]
    own, theirs = map(max, zip(*rounds, strict=True))
    return Figure(
        name=f"me through the runner, {CALLERS} callers, beside Express",
        unit="calls/s",
        value=own,
        yardstick=theirs,
        goal=1.0,
        bound="at least",
    )
