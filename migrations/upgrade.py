"""Bring a database up to date: `python -m migrations.upgrade`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from shared.infrastructure.database import DatabaseSettings

FOLDER = Path(__file__).parent


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def owners_url() -> URL:
    """Where the database is, for whoever may change its schema."""
    settings = DatabaseSettings.read()
    url = make_url(settings.owner_url or settings.url).set(drivername="postgresql+psycopg")
    return url if url.password else url.set(password=settings.password or None)


def upgrade(revision: str = "head") -> str:
    """Apply what is missing; the revision that the database then has.

    A database that is ahead of this code is left as it is: what is newer does it no harm.
    """
    if not _is_ahead(reached()):
        command.upgrade(configuration(), revision)
    return reached()


def reached() -> str:
    """The revision that the database has, empty for one without tables."""
    engine = create_engine(owners_url(), poolclass=NullPool)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def _is_ahead(revision: str) -> bool:
    known = ScriptDirectory.from_config(configuration()).walk_revisions()
    return revision not in {"", *(each.revision for each in known)}


if __name__ == "__main__":
    upgrade()
