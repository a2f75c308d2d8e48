"""Worker processes that can be killed one by one; all are children of one warm process."""

import multiprocessing
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.faults.worker import work

_WARM = [
    "functions.channels.token_refresher",
    "functions.publishing.publisher",
    "functions.publishing.scanner",
    "shared.channels.adapters.providers.bluesky",
    "shared.channels.adapters.providers.mastodon",
    "tests.faults.worker",
]


@dataclass(frozen=True, kw_only=True)
class Worker:
    role: str
    process: ForkServerProcess

    def kill(self) -> None:
        self.process.kill()
        self.process.join(10)
        self.process.close()


@dataclass
class Workforce:
    """They take the environment this process has when the first of them starts."""

    log: Path
    workers: list[Worker] = field(default_factory=list)
    _hired: int = 0

    def __post_init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_WARM)

    def hire(self, role: str, *, number: int | None = None, clock_is_ahead: float = 0) -> None:
        self._hired += 1
        process = self._context.Process(
            target=work, args=(role, number or self._hired, self.log, clock_is_ahead), daemon=True
        )
        process.start()
        self.workers.append(Worker(role=role, process=process))

    def kill(self, worker: Worker) -> None:
        self.workers.remove(worker)
        worker.kill()

    def kill_all(self) -> None:
        for worker in list(self.workers):
            self.kill(worker)
