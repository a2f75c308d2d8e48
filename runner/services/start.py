"""The chosen services, run for as long as they are needed."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from runner.services import docker
from runner.services.memcached import memcached
from runner.services.postgres import embedded_postgres, system_postgres
from runner.services.rabbitmq import rabbitmq

_OF_THIS_MACHINE = {
    "DATABASE_URL": system_postgres,
    "BROKER_URL": rabbitmq,
    "CACHE_URL": memcached,
}


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
                urls = {
                    name: stack.enter_context(service(folder))
                    for name, service in _OF_THIS_MACHINE.items()
                    if name not in given
                }
            case _:
                urls = {"BROKER_URL": "memory://", "CACHE_URL": "memory://"}
                if "DATABASE_URL" not in given:
                    urls["DATABASE_URL"] = stack.enter_context(embedded_postgres(folder))
        yield {**urls, **given}
