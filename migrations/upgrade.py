"""Bring a database up to date: `python -m migrations.upgrade`."""

from pathlib import Path

from alembic import command
from alembic.config import Config

FOLDER = Path(__file__).parent


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def upgrade(revision: str = "head") -> None:
    """Apply what is missing to the database at `DATABASE_URL`."""
    command.upgrade(configuration(), revision)


if __name__ == "__main__":
    upgrade()
