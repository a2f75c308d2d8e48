"""Real servers for the whole run, a clean database for each test."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from runner.gateway import routes
from runner.services.memcached import memcached
from runner.services.postgres import embedded_postgres
from runner.services.rabbitmq import rabbitmq
from runner.template import PATH, Template
from tests.api import Api

SETTINGS = {
    "ENVIRONMENT": "test",
    "LOGGING_LEVEL": "WARNING",
    "TOKENS_SECRET": "a secret that is used by tests only",
    "ENCRYPTION_KEYS": "test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "HTTP_CLIENT_ALLOW_PRIVATE": "true",
    "HTTP_CLIENT_TIMEOUT": "2",
}


@pytest.fixture(scope="session")
def services_folder() -> Iterator[Path]:
    # Not pytest's own folder: PostgreSQL's user must be able to enter it.
    with tempfile.TemporaryDirectory(prefix="luxaris-tests-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def environment(services_folder: Path) -> Iterator[dict[str, str]]:
    """Settings of every function, with PostgreSQL, RabbitMQ and Memcached running behind them."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        settings = {
            **SETTINGS,
            "DATABASE_URL": stack.enter_context(embedded_postgres(services_folder)),
            "CACHE_URL": stack.enter_context(memcached(services_folder)),
            "BROKER_URL": stack.enter_context(rabbitmq(services_folder)),
        }
        for name, value in settings.items():
            patch.setenv(name, value)
        from migrations.upgrade import upgrade

        upgrade()
        yield settings


@pytest.fixture
def database(environment: dict[str, str]) -> Iterator[None]:
    """An empty database; what the test commits is gone after it."""
    from shared.infrastructure.cache import cache
    from shared.infrastructure.database import engine

    yield
    with engine().begin() as connection:
        tables = connection.scalars(
            text(
                "SELECT quote_ident(tablename) FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            )
        ).all()
        connection.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
    cache().delete_many([])


@pytest.fixture
def api(database: None) -> Api:
    """The HTTP functions of the template, called by nobody in particular."""
    return Api(routes(Template(PATH.read_text(), os.environ).functions))
