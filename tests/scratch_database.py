"""Databases beside that of the other tests, to migrate up and down."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from tests import container


@contextmanager
def scratch_database(server: URL, name: str, template: str = "template0") -> Iterator[Engine]:
    with create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as admin:
        admin.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        try:
            yield create_engine(server.set(database=name), poolclass=NullPool)
        finally:
            admin.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def settings_of(database: Engine) -> Iterator[None]:
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with container.of_its_own(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        yield
