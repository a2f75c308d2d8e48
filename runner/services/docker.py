"""PostgreSQL, RabbitMQ and Memcached in containers, as compose.yaml says."""

import hashlib
import shutil
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.console import note
from runner.services.processes import ServiceFailed

_FILE = Path(__file__).parents[2] / "compose.yaml"
_SERVICES = {
    "DATABASE_URL": ("postgres", 5432, "postgresql://postgres@{address}/postgres"),
    "BROKER_URL": ("rabbitmq", 5672, "amqp://guest:guest@{address}/%2F"),
    "CACHE_URL": ("memcached", 11211, "memcached://{address}"),
}
_ANSWER_SECONDS = 5
_START_SECONDS = 300  # images may have to be fetched


def missing() -> str | None:
    """What keeps us from using Docker: asks the engine, because a client alone is common."""
    if shutil.which("docker") is None:
        return "Docker is not installed"
    if not _succeeds("docker", "version", "--format", "{{.Server.Version}}"):
        return "There is a Docker client, but no engine answers it"
    if not _succeeds("docker", "compose", "version"):
        return "Docker has no compose plugin"
    return None


def _succeeds(*command: str) -> bool:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_ANSWER_SECONDS)
    except (subprocess.SubprocessError, OSError):
        return False
    return True


@contextmanager
def compose(
    folder: Path, *, without: Collection[str] = (), keep: bool = True
) -> Iterator[dict[str, str]]:
    """Run the containers until the block ends; answers their URLs by setting.

    What they keep belongs to `folder`: another folder, other containers and volumes. `without`
    names the settings whose services are not needed; without `keep` the volumes go, too.

    Raises:
        ServiceFailed: with what Docker said.
    """
    wanted = {name: each for name, each in _SERVICES.items() if name not in without}
    project = f"luxaris-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}"
    try:
        if wanted:
            names = [service for service, _, _ in wanted.values()]
            note("Starting containers; their images are fetched first where they are missing.")
            _compose(project, "up", "--detach", "--wait", *names)
        yield {
            name: url.format(address=_compose(project, "port", service, str(port)))
            for name, (service, port, url) in wanted.items()
        }
    finally:
        if wanted:
            _compose(project, "down", "--timeout", "10", *([] if keep else ["--volumes"]))


def _compose(project: str, *arguments: str) -> str:
    command = ["docker", "compose", "--project-name", project, "--file", str(_FILE), *arguments]
    try:
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=_START_SECONDS
        )
    except subprocess.CalledProcessError as error:
        raise ServiceFailed(
            f"docker compose {arguments[0]} failed: {error.stderr.strip()}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise ServiceFailed(f"docker compose {arguments[0]} took too long") from error
    return done.stdout.strip()
