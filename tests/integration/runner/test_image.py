"""The image, as far as it can be had without an engine: its steps, its start, health and end."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from runner.services.postgres import embedded_postgres
from runner.services.processes import free_port
from tests.integration.runner.image import ROOT, Stage, built

DOCKERFILE = ROOT / "Dockerfile"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # packages come from the registry


@pytest.fixture(scope="module")
def image() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="luxaris-image-") as folder:
        Path(folder).chmod(0o755)
        yield built(DOCKERFILE, Path(folder))


class Contained:
    """What the image starts, as its user, with nothing in its environment but what is told."""

    def __init__(self, image: Stage, environment: dict[str, str]) -> None:
        self._image = image
        self.port = free_port()
        user, group = map(int, image.said["USER"].arguments.split(":"))
        assert user > 0, "the image runs as root"
        is_root = os.geteuid() == 0  # nobody else can be another
        self._user, self._group = (user, group) if is_root else (os.geteuid(), os.getegid())
        self._environment = {
            "PATH": f"{image.at('/opt/luxaris/bin')}:/usr/bin:/bin",
            **image.environment,
            "HOME": str(image.at("/data")),
            **environment,
        }
        command = [*self._words("ENTRYPOINT"), *self._words("CMD"), "--port", str(self.port)]
        self.process = self._popen(command)

    def is_healthy(self) -> bool:
        """What HEALTHCHECK says."""
        step = self._image.said["HEALTHCHECK"]
        words = json.loads(step.arguments.removeprefix("CMD "))
        asked = self._popen([each.replace(":8000/", f":{self.port}/") for each in words])
        asked.communicate()
        return asked.returncode == 0

    def _words(self, word: str) -> list[str]:
        return self._image.moved(self._image.said[word].words)

    def _popen(self, command: list[str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            command,
            cwd=self._image.at("."),
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            executable=str(self._image.at("/opt/luxaris/bin/python")),
            user=self._user,
            group=self._group,
            extra_groups=[] if os.geteuid() == 0 else None,
        )


@pytest.fixture(scope="module")
def urls(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """Of servers that another user reaches, too."""
    with tempfile.TemporaryDirectory(prefix="luxaris-image-") as folder:
        Path(folder).chmod(0o755)
        with embedded_postgres(Path(folder)) as database:
            Path(folder, "postgres").chmod(0o711)  # where the socket is
            others = {name: environment[name] for name in ("BROKER_URL", "CACHE_URL")}
            yield {"DATABASE_URL": database, **others}


def test_starts_as_nobody_is_healthy_and_ends_when_told(image: Stage, urls: dict[str, str]) -> None:
    contained = Contained(image, urls)
    try:
        assert not contained.is_healthy(), "before it listens"
        _until(contained.is_healthy, contained.process)
        with urlopen(f"http://127.0.0.1:{contained.port}/api/v1/docs") as page:
            assert b"swagger" in page.read()
    finally:
        contained.process.send_signal(signal.Signals[image.said["STOPSIGNAL"].arguments])
        said, _ = contained.process.communicate(timeout=30)
    assert contained.process.returncode == 0, said
    assert "as given: DATABASE_URL, BROKER_URL, CACHE_URL" in said


def _until(
    condition: Callable[[], bool], process: "subprocess.Popen[str]", *, seconds: float = 90
) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.2)
