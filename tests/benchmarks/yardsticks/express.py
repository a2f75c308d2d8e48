"""An Express back end with the endpoints that are measured, in one process of Node.js."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.yardsticks import node
from tests.benchmarks.yardsticks.redis import redis


@dataclass(frozen=True, kw_only=True)
class Express:
    """`session` opens it as the header ``X-Session-ID``; on `connection` can be put `variants`,
    each of a post of its own."""

    port: int
    session: str
    variants: list[int]
    connection: int


@contextmanager
def express(folder: Path, database: str, *, posts: int) -> Iterator[Express]:
    """Install it where that is needed, and run it with so many posts until the block ends."""
    node.install()
    with redis(folder) as redis_port:
        server = subprocess.Popen(
            ["node", "express.mjs", json.dumps({"redis": redis_port, "posts": posts})],
            cwd=node.INSTALLED,
            env={**os.environ, **node.database_settings(database)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with server:
            assert server.stdin is not None
            assert server.stdout is not None
            said = server.stdout.readline()
            if not said:
                raise RuntimeError(f"express.mjs ended with {server.wait()}")
            yield Express(**json.loads(said))
            server.stdin.close()
