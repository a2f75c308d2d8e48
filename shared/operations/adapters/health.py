"""Ask each service for something small, and tell which of them answered."""

from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import select

from shared.infrastructure.broker import broker
from shared.infrastructure.cache import cache
from shared.infrastructure.database import transaction
from shared.kernel.errors import Unavailable
from shared.operations.domain.health import DATABASE, ServiceCheck


def checks() -> Mapping[str, ServiceCheck]:
    """The services by name. One that hangs counts as down after some seconds."""
    answered = {DATABASE: _database, "cache": _cache, "queue": _queue}
    return {
        name: ServiceCheck.OK if answers() else ServiceCheck.ERROR
        for name, answers in answered.items()
    }


def _database() -> bool:
    with suppress(Unavailable), transaction() as session:
        return session.scalar(select(1)) == 1
    return False


def _cache() -> bool:
    return cache().hit("operations:health", seconds=60) is not None


def _queue() -> bool:
    with suppress(Unavailable):
        broker().connect()
        return True
    return False
