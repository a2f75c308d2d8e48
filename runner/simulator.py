"""The simulated networks beside the runner, where the checkout has them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.services import processes

_ROOT = Path(__file__).parent.parent
_MODULE = "tests.simulator"
_PLACE = _ROOT / "tests/simulator"


@contextmanager
def simulator(folder: Path) -> Iterator[str]:
    """Run it until the block ends; answers its URL, empty where there is no simulator."""
    if not _PLACE.exists():
        yield ""
        return
    port, log = _port(folder / "simulator.port"), folder / "simulator.log"
    memory = folder / "simulator.jsonl"
    server = processes.start(
        [sys.executable, "-m", _MODULE, "--port", str(port), "--memory", str(memory)],
        log=log,
        environment={"PYTHONPATH": str(_ROOT)},
    )
    try:
        processes.wait_until(
            lambda: processes.answers(port), server, name="The simulator", log=log, seconds=20
        )
        yield f"http://127.0.0.1:{port}"
    finally:
        processes.stop(server)


def _port(file: Path) -> int:
    """The port of last time, which simulated connections are kept with; another if it is taken."""
    try:
        port = int(file.read_text())
    except (FileNotFoundError, ValueError):
        port = processes.free_port()
        file.write_text(f"{port}\n")
    return processes.free_port() if processes.answers(port) else port
