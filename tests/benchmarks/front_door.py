"""The handler of sign-in, called as Lambda would call it, beside what it cannot do without.

`python -m tests.benchmarks.front_door` with the function's environment prints one JSON object. It
is a process of its own because its engine and its cache stay as long as it lives.
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from mangum import Mangum
from sqlalchemy import event

from runner.gateway import Route, match, request_event, routes
from runner.template import PATH, Template
from shared.infrastructure.recording import answer_first
from tests.accounts import PASSWORD, root
from tests.api import Api, keep_loop

CALLS, BLOCKS = 50, 40
LOGINS = 60

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Waits:
    """Stands before a client of the cache and counts the commands that wait for an answer."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        command = getattr(self._client, name)

        def ask(*arguments: Any, **options: Any) -> Any:
            self.count += options.get("noreply") is not True
            return command(*arguments, **options)

        return ask


def _request(route: Route, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
    return request_event(
        route,
        method=method,
        path=path,
        query="",
        headers={"host": "localhost", "content-type": "application/json", **headers},
        body=body,
        source_ip="192.0.2.1",
        request_id="local",
    )


def _bare(path: str, answer: dict[str, Any]) -> Handler:
    """A plain route and nothing else; it answers the same body."""
    app = FastAPI()

    @app.get(path)
    def me() -> dict[str, Any]:
        return answer

    return Mangum(app, lifespan="off")


def _microseconds(handler: Handler, request: Any) -> float:
    begun = time.perf_counter()
    for _ in range(CALLS):
        handler(request, None)
    return (time.perf_counter() - begun) / CALLS * 1e6


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _me(handler: Handler, request: Any, path: str) -> dict[str, float]:
    """The best of blocks that take turns, because noise only ever adds."""
    from shared.infrastructure.cache import cache
    from shared.infrastructure.database import engine

    bare = _bare(path, json.loads(handler(request, None)["body"]))
    pairs = [(_microseconds(handler, request), _microseconds(bare, request)) for _ in range(BLOCKS)]
    own, theirs = map(min, zip(*pairs, strict=True))
    queries: list[str] = []
    event.listen(engine(), "before_cursor_execute", lambda *told: queries.append(told[2]))
    known: Any = cache()
    known._client = waits = Waits(known._client)
    _microseconds(handler, request)
    known._client = waits._client
    return {
        "me": own,
        "bare": theirs,
        "queries": len(queries) / CALLS,
        "round_trips": waits.count / CALLS,
    }


def _login(handler: Handler, request: Any) -> dict[str, float]:
    hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
    kept = hasher.hash(PASSWORD)
    handler(request, None)
    pairs = [
        (
            _seconds(lambda: handler(request, None)),
            _seconds(lambda: hasher.verify(kept, PASSWORD)),
        )
        for _ in range(LOGINS)
    ]
    login, argon2 = (statistics.median(each) for each in zip(*pairs, strict=True))
    return {"login": login * 1e3, "argon2": argon2 * 1e3}


def measured() -> dict[str, float]:
    from migrations.upgrade import upgrade

    upgrade()
    keep_loop()
    known = routes(Template(PATH.read_text(), os.environ).functions)
    account = root(Api(known))
    me, login = "/api/v1/auth/me", "/api/v1/auth/login"
    route = match(known, "GET", me)
    assert route is not None
    handler = route.function.load()
    credentials = json.dumps({"email": account.email, "password": PASSWORD}).encode()
    return {
        **_me(handler, _request(route, "GET", me, authorization=f"Bearer {account.token}"), me),
        **_login(handler, _request(route, "POST", login, credentials)),
    }


if __name__ == "__main__":
    with answer_first():  # what is left to do after an answer is nobody's to wait for: `records`
        print(json.dumps(measured()))
