"""BullMQ on Redis."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.yardsticks import node
from tests.benchmarks.yardsticks.redis import redis


@dataclass(frozen=True, kw_only=True)
class Run:
    posts_per_second: float
    cpu_seconds: float


@dataclass(frozen=True)
class BullMq:
    redis_port: int

    def throughput(
        self, network: str, *, posts: int, in_flight: int, database: str | None = None
    ) -> Run:
        """Publish so many jobs; with `database` those that wait there, each recorded."""
        said = self._run(
            {} if database is None else node.database_settings(database),
            mode="throughput",
            network=network,
            posts=posts,
            concurrency=in_flight,
            records=database is not None,
        )
        return Run(posts_per_second=posts / said["seconds"], cpu_seconds=said["cpuSeconds"])

    def lateness(self, network: str, *, posts: int, in_flight: int, span: float) -> list[float]:
        """How late each of so many delayed jobs is begun, in seconds."""
        settings = {"network": network, "posts": posts, "concurrency": in_flight, "span": span}
        late: list[float] = self._run({}, mode="lateness", **settings)["lateness"]
        return late

    def _run(self, environment: dict[str, str], **settings: Any) -> Any:
        wanted = {"redis": self.redis_port, **settings}
        run = subprocess.run(
            ["node", "bullmq.mjs", json.dumps(wanted)],
            cwd=node.INSTALLED,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode != 0:
            raise RuntimeError(f"bullmq.mjs ended with {run.returncode}:\n{run.stderr}")
        return json.loads(run.stdout)


@contextmanager
def bullmq(folder: Path) -> Iterator[BullMq]:
    """Install it where that is needed, and run Redis until the block ends."""
    node.install()
    with redis(folder) as port:
        yield BullMq(port)
