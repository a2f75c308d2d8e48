"""Where PostgreSQL, RabbitMQ and Memcached come from."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from runner.refused import Refused
from runner.services import docker
from runner.services.memcached import installed as memcached_installed
from runner.services.memcached import memcached
from runner.services.postgres import embedded_postgres, find_binaries, system_postgres
from runner.services.rabbitmq import installed as rabbitmq_installed
from runner.services.rabbitmq import rabbitmq

CHOICES = ("auto", "embedded", "system", "docker")

_DESCRIBED = {
    "embedded": "PostgreSQL from its wheel; queue and cache in this process",
    "system": "PostgreSQL, RabbitMQ and Memcached of this machine, started privately",
    "docker": "PostgreSQL, RabbitMQ and Memcached in containers",
}


def choose(asked: str) -> str:
    """Settle ``auto``: docker if an engine answers, else what is installed, else embedded.

    Raises:
        Refused: what was asked for by name is not there.
    """
    match asked:
        case "docker" if (problem := docker.missing()) is not None:
            raise Refused(problem)
        case "system" if missing := _not_installed():
            raise Refused(f"{' and '.join(missing)} cannot be found on this machine")
        case "auto" if docker.missing() is None:
            return "docker"
        case "auto":
            return "embedded" if _not_installed() else "system"
    return asked


def describe(chosen: str, given: Mapping[str, str]) -> str:
    urls = [name for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL") if name in given]
    described = f"{chosen}: {_DESCRIBED[chosen]}"
    return f"{described}; as given: {', '.join(urls)}" if urls else described


def _not_installed() -> list[str]:
    there = {
        "PostgreSQL": find_binaries() is not None,
        "RabbitMQ": rabbitmq_installed(),
        "Memcached": memcached_installed(),
    }
    return [name for name, found in there.items() if not found]


@contextmanager
def started(
    chosen: str, folder: Path, given: Mapping[str, str], *, keep: bool
) -> Iterator[dict[str, str]]:
    """Run what is chosen until the block ends; answers a URL for each setting.

    `given` has the URLs a person gave: those services are theirs and are not started. Containers
    have what they hold outside `folder`, and lose it unless told to `keep` it.
    """
    with ExitStack() as stack:
        match chosen:
            case "docker":
                urls = stack.enter_context(docker.compose(folder, without=given.keys(), keep=keep))
            case "system":
                each = {
                    "DATABASE_URL": system_postgres,
                    "BROKER_URL": rabbitmq,
                    "CACHE_URL": memcached,
                }
                urls = {
                    name: stack.enter_context(service(folder))
                    for name, service in each.items()
                    if name not in given
                }
            case _:
                urls = {"BROKER_URL": "memory://", "CACHE_URL": "memory://"}
                if "DATABASE_URL" not in given:
                    urls["DATABASE_URL"] = stack.enter_context(embedded_postgres(folder))
        yield {**urls, **given}
