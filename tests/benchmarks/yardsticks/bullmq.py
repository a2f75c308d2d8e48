"""BullMQ on Redis, run by Node.js: installed as the lock file says, beside the checkout's files."""

import filecmp
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from runner.services import processes
from tests.architecture.tree import ROOT

_HERE = Path(__file__).parent
_INSTALLED = ROOT / ".yardsticks"
_FILES = ("package.json", "package-lock.json", "bullmq.mjs")


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
            _environment(database),
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
            cwd=_INSTALLED,
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
    _install()
    port, log = processes.free_port(), folder / "redis.log"
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    server = processes.start([*command, "--save", "", "--appendonly", "no"], log=log)
    try:
        processes.wait_until(
            lambda: processes.answers(port), server, name="Redis", log=log, seconds=10
        )
        yield BullMq(port)
    finally:
        processes.stop(server)


def _install() -> None:
    _INSTALLED.mkdir(exist_ok=True)
    lock = _INSTALLED / "node_modules" / "installed-lock.json"
    for name in _FILES:
        shutil.copy(_HERE / name, _INSTALLED / name)
    if lock.exists() and filecmp.cmp(_HERE / "package-lock.json", lock, shallow=False):
        return
    subprocess.run(
        ["npm", "install", "--no-save", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=_INSTALLED,
        check=True,
    )
    shutil.copy(_HERE / "package-lock.json", lock)


def _environment(database: str | None) -> dict[str, str]:
    """The database as node-postgres and libpq find it: on its Unix socket."""
    if database is None:
        return {}
    parts = urlsplit(database)
    return {
        "PGHOST": parse_qs(parts.query)["host"][0],
        "PGUSER": parts.username or "",
        "PGDATABASE": parts.path.removeprefix("/"),
    }
