"""Where PostgreSQL, RabbitMQ and Memcached come from: what was asked for, and what there is."""

from collections.abc import Collection

from runner.refused import Refused
from runner.services import docker
from runner.services.memcached import installed as memcached_installed
from runner.services.postgres import find_binaries
from runner.services.rabbitmq import installed as rabbitmq_installed

CHOICES = ("auto", "embedded", "system", "docker")

SERVICES = {"DATABASE_URL": "PostgreSQL", "BROKER_URL": "RabbitMQ", "CACHE_URL": "Memcached"}
"""What each URL leads to, where the runner has not put something in its place."""

_EMBEDDED = {
    "DATABASE_URL": "PostgreSQL from its wheel",
    "BROKER_URL": "queues in memory",
    "CACHE_URL": "a cache in memory",
}


def choose(asked: str, given: Collection[str]) -> str:
    """Settle ``auto``: docker if an engine answers, else what is installed, else embedded.

    `given` names the URLs a person gave: only the other services need to be there.

    Raises:
        Refused: what was asked for by name is not there.
    """
    needed = [name for name in SERVICES if name not in given]
    match asked:
        case "auto" if not needed:
            return "embedded"
        case "docker" if needed and (problem := docker.missing()) is not None:
            raise Refused(problem)
        case "system" if missing := _not_installed(needed):
            raise Refused(f"{_together(missing)} cannot be found on this machine")
        case "auto" if docker.missing() is None:
            return "docker"
        case "auto":
            return "embedded" if _not_installed(needed) else "system"
    return asked


def _not_installed(needed: Collection[str]) -> list[str]:
    there = {
        "DATABASE_URL": find_binaries() is not None,
        "BROKER_URL": rabbitmq_installed(),
        "CACHE_URL": memcached_installed(),
    }
    return [SERVICES[name] for name in needed if not there[name]]


def describe(chosen: str, given: Collection[str]) -> str:
    """Say what is used: of the choice only what was not given."""
    needed = [name for name in SERVICES if name not in given]
    names = _together([SERVICES[name] for name in needed])
    words = {
        "embedded": _together([_EMBEDDED[name] for name in needed]),
        "system": f"{names} of this machine, started privately",
        "docker": f"{names} in containers",
    }
    parts = [f"{chosen}: {words[chosen]}"] if needed else []
    if given:
        parts.append(f"as given: {', '.join(name for name in SERVICES if name in given)}")
    return "; ".join(parts)


def _together(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
