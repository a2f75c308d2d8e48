"""Who may make roles, but is no superuser, brings a database up to date."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from migrations.upgrade import upgrade
from runner.services.postgres import embedded_postgres


@pytest.fixture
def untouched(services_folder: Path) -> Iterator[str]:
    """A server that has none of our roles."""
    folder = services_folder / "untouched"
    folder.mkdir()
    folder.chmod(0o755)
    with embedded_postgres(folder) as url:
        yield url


def test_an_owner_who_is_no_superuser_upgrades_and_serves(untouched: str) -> None:
    url = make_url(untouched).set(drivername="postgresql+psycopg")
    superuser = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with superuser.connect() as admin:
        admin.execute(text("CREATE ROLE keeper LOGIN CREATEROLE"))
        admin.execute(text("CREATE DATABASE kept OWNER keeper"))
    kept = url.set(username="keeper", database="kept")
    with pytest.MonkeyPatch.context() as patch:
        address = kept.set(drivername="postgresql").render_as_string(hide_password=False)
        patch.setenv("DATABASE_URL", address)
        upgrade()
        upgrade()
    with create_engine(kept, poolclass=NullPool).begin() as connection:
        for role in ("luxaris_app", "luxaris_system"):
            connection.execute(text(f"SET LOCAL ROLE {role}"))
            assert connection.scalar(text("SELECT count(*) FROM posts")) == 0
        connection.execute(text("SET LOCAL ROLE none"))
        assert connection.scalar(text("SELECT current_user")) == "keeper"
