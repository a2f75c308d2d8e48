"""The cheap network as a process of its own, and what it says has arrived."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from runner.services import processes
from tests.architecture.tree import ROOT


@dataclass(frozen=True)
class Network:
    url: str

    def receipts(self) -> dict[str, list[float]]:
        """When each idempotency key arrived, in seconds since 1970."""
        receipts: dict[str, list[float]] = self._call("GET")
        return receipts

    def clear(self) -> None:
        self._call("DELETE")

    def _call(self, method: str) -> dict[str, list[float]]:
        with urlopen(Request(f"{self.url}/receipts", method=method), timeout=10) as answer:
            said: dict[str, list[float]] = json.load(answer)
        return said


@contextmanager
def network(folder: Path, *, delay: float) -> Iterator[Network]:
    """Run it until the block ends; it answers a post after `delay` seconds."""
    place = folder / f"network-{delay:g}"
    place.mkdir(parents=True)
    port, log = processes.free_port(), place / "network.log"
    module = "tests.benchmarks.network"
    server = processes.start(
        [sys.executable, "-m", module, "--port", str(port), "--delay", str(delay)],
        log=log,
        environment={"PYTHONPATH": str(ROOT)},
    )
    try:
        processes.wait_until(
            lambda: processes.answers(port), server, name="The network", log=log, seconds=20
        )
        yield Network(f"http://127.0.0.1:{port}")
    finally:
        processes.stop(server)
