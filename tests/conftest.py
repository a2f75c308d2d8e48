"""Real servers for the whole run, a clean database for each test."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import hypothesis
import psycopg
import pytest
from pymemcache.client.base import Client
from sqlalchemy import URL, make_url, text

from runner.gateway import Route, routes
from runner.services.memcached import memcached
from runner.services.postgres import embedded_postgres
from runner.services.rabbitmq import rabbitmq
from tests.api import Api, keep_loop
from tests.deployed_functions import functions
from tests.simulator.client import Simulator
from tests.simulator.server import running

SETTINGS = {
    "ENVIRONMENT": "test",
    "LOGGING_LEVEL": "WARNING",
    "DATABASE_POOL_SIZE": "8",
    "PASSWORDS_MEMORY_KIB": "64",
    "PASSWORDS_ITERATIONS": "1",
    "TOKENS_SECRET": "a secret that is used by tests only",
    "ENCRYPTION_KEYS": "test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "MAIL_URL": "maildir:///nowhere",
    "MAIL_SENDER": "Luxaris <hello@luxaris.example>",
    "FRONTEND_URL": "http://localhost:3000",
    "PUBLIC_API_URL": "http://localhost:8000",
    "HTTP_CLIENT_ALLOW_PRIVATE": "true",
    "HTTP_CLIENT_TIMEOUT": "2",
    "LIMITS_CALLERS_PER_MINUTE": "100000",
    "LIMITS_ADDRESSES_PER_MINUTE": "100000",
}


# How long it takes to make a case says more of the machine than of the case.
hypothesis.settings.register_profile(
    "unhurried", suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")

keep_loop()  # before a test module imports a function: Mangum makes a loop where it finds none
os.environ["LOGGING_LEVEL"] = SETTINGS["LOGGING_LEVEL"]  # so does logging with its level


_MADE_ANEW = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def pytest_make_parametrize_id(val: object) -> str | None:
    """The same in every worker, which an id that is made anew is not."""
    if isinstance(val, UUID):
        return "id"
    if isinstance(val, str) and _MADE_ANEW.search(val):
        return _MADE_ANEW.sub("id", val)
    return None


@pytest.fixture(autouse=True)
def _loop() -> None:
    """`asyncio.run` leaves the thread without a loop."""
    keep_loop()


@pytest.fixture(autouse=True)
def _environment_stays() -> Iterator[None]:
    """What a test leaves in it would be read by every process that a later one starts."""
    before = dict(os.environ)
    yield
    changed = {name for name in before if os.environ.get(name) != before[name]}
    assert changed <= {"PYTEST_CURRENT_TEST"}


@pytest.fixture(autouse=True)
def _no_silence(_environment_stays: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an outage nothing is recorded for a while: not so in the test that follows."""
    from shared.infrastructure import record_store

    monkeypatch.setattr(record_store, "_silent_until", 0.0)


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
        (services_folder / "storage").mkdir()
        settings = {
            **SETTINGS,
            "DATABASE_URL": stack.enter_context(embedded_postgres(services_folder)),
            "CACHE_URL": stack.enter_context(memcached(services_folder)),
            "BROKER_URL": stack.enter_context(rabbitmq(services_folder)),
            "MAIL_URL": f"maildir://{services_folder}/mailbox",
            "STORAGE_URL": f"file://{services_folder}/storage?at=http://localhost:8000/dev/storage",
        }
        for name, value in settings.items():
            patch.setenv(name, value)
        _let_go_of_the_disk(settings["DATABASE_URL"])
        from migrations.upgrade import upgrade

        upgrade()
        yield settings


def _let_go_of_the_disk(database_url: str) -> None:
    """This database need not outlive the machine; the servers of tests/faults are others."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def server(environment: dict[str, str]) -> URL:
    """Where databases can be made: the test server, but not the database of the other tests."""
    url = make_url(environment["DATABASE_URL"]).set(drivername="postgresql+psycopg")
    return url.set(database="template1")


@pytest.fixture
def database(environment: dict[str, str]) -> None:
    """An empty database and cache, whatever ran before it, be it without this fixture."""
    _empty(environment)


@pytest.fixture(scope="module")
def shared_database(environment: dict[str, str]) -> None:
    """The same for all tests of a module, which look at what one of its fixtures has made."""
    _empty(environment)


# A TRUNCATE takes milliseconds for each table, a DELETE of a few rows next to nothing.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
END $$
"""


def _empty(environment: dict[str, str]) -> None:
    from shared.infrastructure.database import engine

    with engine().begin() as connection:
        connection.execute(text(_EMPTY))
    address = urlsplit(environment["CACHE_URL"])
    with closing(Client((address.hostname, address.port))) as client:
        client.flush_all(noreply=False)


@pytest.fixture(scope="session")
def all_routes(environment: dict[str, str]) -> list[Route]:
    return routes(functions())


@pytest.fixture
def api(database: None, all_routes: list[Route]) -> Api:
    """The HTTP functions of the template, called by nobody in particular."""
    return Api(all_routes)


@pytest.fixture(scope="session")
def simulator_url() -> Iterator[str]:
    """The imitated networks, where connections to them and the HTTP client find them."""
    with running() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIMULATOR_URL", url)
        for name in ("HTTP_CLIENT_ALLOW_PRIVATE", "HTTP_CLIENT_TIMEOUT"):
            patch.setenv(name, SETTINGS[name])
        yield url


@pytest.fixture
def simulator(simulator_url: str) -> Simulator:
    """The imitated networks, with no faults waiting and no receipts."""
    simulator = Simulator(simulator_url)
    simulator.clear()
    return simulator
