"""The handlers of posts and schedules, called as Lambda would call them, beside their bare parts.

`python -m tests.benchmarks.content_door` with the functions' environment prints one JSON object. A
call's yardstick is a bare FastAPI route through Mangum, which answers the same body, and the very
statements of the call, asked by the bare driver.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import psycopg
from fastapi import FastAPI
from mangum import Mangum

from runner.gateway import Route, match, request_event, routes
from runner.template import PATH, Template
from shared.infrastructure.recording import answer_first
from tests.accounts import Account, root
from tests.api import Api, keep_loop
from tests.author import in_future
from tests.benchmarks.statements import Again, is_asked, written_down

BLOCKS, CALLS = 12, 10
FEW, MANY = 1_000, 100_000
LISTED = 200
POST = {
    "title": "Spring menu",
    "description": "<p>The <strong>asparagus</strong> is here</p>",
    "tags": ["spring", "menu"],
}
TEXT = {"channel_id": "mastodon", "content": "The asparagus is here"}

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

_POSTS = """
    INSERT INTO posts (id, organization_id, created_by, title, description, tags, status, metadata,
                       created_at, updated_at)
    SELECT uuidv7(), %(organization)s, %(user)s, 'Post ' || number,
           '<p>What is said in post ' || number || '</p>', ARRAY['spring', 'n' || number %% 100],
           'draft', '{}', at, at
    FROM (SELECT number, now() - number * interval '1 minute' AS at
          FROM generate_series(1, %(posts)s) AS number) AS wanted
"""

_CONNECTION = """
    INSERT INTO channel_connections (id, organization_id, created_by, channel, external_account_id,
        display_name, account_username, limits, status, credentials, credentials_key_id, created_at,
        updated_at)
    VALUES (uuidv7(), %(organization)s, %(user)s, 'mastodon', '1@bench.example', 'Ada',
            '@ada@bench.example', '{}', 'connected', '\\x00', 'bench', now(), now())
    RETURNING id
"""


def connected(account: Account, database: str) -> UUID:
    """A connection that is only ever scheduled on."""
    with psycopg.connect(database, autocommit=True) as connection:
        whose = {"organization": account.organization_id, "user": account.user_id}
        (made,) = connection.execute(_CONNECTION, whose).fetchone() or ()
    connection_id: UUID = made
    return connection_id


def ready_to_schedule(account: Account, on: UUID) -> tuple[str, dict[str, Any]]:
    """A post by its id, and what schedules its one variant on a connection in a month."""
    post = account.api.post("/posts", POST).json["data"]["id"]
    variant = account.api.post(f"/posts/{post}/variants", TEXT).json["data"]["id"]
    schedule = {
        "post_variant_id": variant,
        "channel_connection_id": str(on),
        "run_at": in_future(days=30),
    }
    return post, schedule


class Door:
    def __init__(self, known: list[Route], account: Account) -> None:
        self._known = known
        self._account = account

    def call(
        self, method: str, path: str, body: Any = None, query: str = ""
    ) -> tuple[Handler, dict[str, Any]]:
        """The handler of a route, and the event it is called with."""
        path = f"/api/v1{path}"
        route = match(self._known, method, path)
        assert route is not None
        event = request_event(
            route,
            method=method,
            path=path,
            query=query,
            headers={
                "host": "localhost",
                "content-type": "application/json",
                "authorization": f"Bearer {self._account.token}",
            },
            body=b"" if body is None else json.dumps(body).encode(),
            source_ip="192.0.2.1",
            request_id="local",
        )
        return route.function.load(), event


def _bare(event: Mapping[str, Any], status: int, answer: Any) -> Handler:
    """A plain route and nothing else: it reads the body and answers the same."""
    app = FastAPI()

    def plain(body: dict[str, Any] | None = None) -> Any:
        return answer

    http = event["requestContext"]["http"]
    app.add_api_route(http["path"], plain, methods=[http["method"]], status_code=status)
    return Mangum(app, lifespan="off")


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - begun) / CALLS


def _beside_its_parts(
    handler: Handler, event: dict[str, Any], connection: psycopg.Connection[Any]
) -> dict[str, float]:
    """The best of blocks that take turns, because noise only ever adds."""
    handler(event, None)
    with written_down() as first:
        handler(event, None)
    with written_down() as second:
        answer = handler(event, None)
    assert answer["statusCode"] < 300, answer["body"]
    again = Again(first, second)
    bare = _bare(event, answer["statusCode"], json.loads(answer["body"]))
    blocks = [
        (
            _seconds(lambda: handler(event, None)),
            _seconds(lambda: bare(event, None)),
            _seconds(lambda: again.ask(connection)),
        )
        for _ in range(BLOCKS)
    ]
    own, route, statements = map(min, zip(*blocks, strict=True))
    return {
        "handler": own * 1e3,
        "route": route * 1e3,
        "statements": statements * 1e3,
        "count": len(again),
    }


def _list(handler: Handler, event: dict[str, Any]) -> dict[str, float]:
    """The 95th percentile of many calls, and the queries of one."""
    handler(event, None)
    with written_down() as asked:
        handler(event, None)
    times = []
    for _ in range(LISTED):
        begun = time.perf_counter()
        handler(event, None)
        times.append(time.perf_counter() - begun)
    queries = sum(is_asked(query) for query, _ in asked)
    return {"p95": statistics.quantiles(times, n=20)[-1] * 1e3, "queries": queries}


def fill(database: str, account: Account, posts: int) -> None:
    """Give the account's organization so many posts more."""
    with psycopg.connect(database, autocommit=True) as connection:
        whose = {"organization": account.organization_id, "user": account.user_id}
        connection.execute(_POSTS, {**whose, "posts": posts})
        connection.execute("VACUUM ANALYZE")


def measured() -> dict[str, Any]:
    from migrations.upgrade import upgrade

    upgrade()
    keep_loop()
    known = routes(Template(PATH.read_text(), os.environ).functions)
    account = root(Api(known))
    _, schedule = ready_to_schedule(account, connected(account, os.environ["DATABASE_URL"]))
    door = Door(known, account)
    told: dict[str, Any] = {}
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        fill(os.environ["DATABASE_URL"], account, FEW)
        wanted = door.call("GET", "/posts", query="limit=50")
        told["few"] = _list(*wanted)
        told["list"] = _beside_its_parts(*wanted, connection)
        told["create"] = _beside_its_parts(*door.call("POST", "/posts", POST), connection)
        told["schedule"] = _beside_its_parts(*door.call("POST", "/schedules", schedule), connection)
        fill(os.environ["DATABASE_URL"], account, MANY)
        told["many"] = _list(*wanted)
    return told


if __name__ == "__main__":
    with answer_first():  # what is left to do after an answer is nobody's to wait for: `records`
        print(json.dumps(measured()))
