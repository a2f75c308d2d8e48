"""What it costs to be known: `GET /auth/me` and a login, alone and through the runner.

Rate limits are on where one call is measured, for they are part of it, and far away; through the
runner they are off.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.accounts import PASSWORD
from tests.architecture.tree import ROOT, SETTINGS
from tests.benchmarks.figure import Figure
from tests.benchmarks.stage import Servers, servers, staged

CALLERS = 8
SECONDS = 5.0
ROUNDS = 3
ROOT_EMAIL = "root@example.com"
PROMISE = 1370.0
"""`me` per second, of 8 callers: what the original answered from memory, on a machine like this."""


def measure() -> Iterator[Figure]:
    with servers() as there:
        yield from _alone(_in_process(there))
        yield _through_the_runner(there)


def _in_process(there: Servers) -> dict[str, float]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.front_door"],
        cwd=ROOT,
        env={
            **SETTINGS,
            "PATH": os.environ["PATH"],
            "DATABASE_URL": there.database,
            "BROKER_URL": there.broker,
            "CACHE_URL": there.cache,
            "LOGGING_LEVEL": "WARNING",
            "LIMITS_CALLERS_PER_MINUTE": "1000000",
            "LIMITS_ADDRESSES_PER_MINUTE": "1000000",
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, float] = json.loads(run.stdout)
    return told


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
    """The best of a few rounds: callers share the machine with what they call."""
    unlimited = {"LIMITS_CALLERS_PER_MINUTE": "0", "LIMITS_ADDRESSES_PER_MINUTE": "0"}
    with staged(there, **unlimited) as everything:
        runner = everything.runner
        login = runner.api.post("/auth/login", {"email": ROOT_EMAIL, "password": PASSWORD})
        token = login.json["access_token"]
        rates = [asyncio.run(_calls_per_second(runner.port, token)) for _ in range(ROUNDS)]
    return Figure(
        name=f"me through the runner, {CALLERS} callers",
        unit="calls/s",
        value=max(rates),
        yardstick=PROMISE,
        goal=1.0,
        bound="at least",
    )


async def _calls_per_second(port: int, token: str) -> float:
    begun = time.perf_counter()
    answered = await asyncio.gather(
        *(_call(port, token, until=begun + SECONDS) for _ in range(CALLERS))
    )
    return sum(answered) / (time.perf_counter() - begun)


async def _call(port: int, token: str, *, until: float) -> int:
    """One caller who asks again as soon as it is answered; answers how often it was."""
    request = (
        f"GET /api/v1/auth/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length:")[2].split("\r\n")[0]))
        if not head.startswith("http/1.1 200"):
            raise RuntimeError(f"the runner answered {head}")
        answered += 1
    writer.close()
    await writer.wait_closed()
    return answered
