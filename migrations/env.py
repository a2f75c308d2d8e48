"""Alembic's environment: every context's tables, short lock waits, one upgrade at a time."""

from importlib import import_module
from pathlib import Path

from alembic import context
from sqlalchemy import create_engine, pool, text
from sqlalchemy.engine import make_url

from shared.infrastructure.database import DatabaseSettings, metadata

ROOT = Path(__file__).parent.parent
_ADVISORY_LOCK = 0x4C757861726973  # "Luxaris": two upgrades at once wait for each other

for tables in sorted(ROOT.glob("shared/*/adapters/*tables.py")):
    import_module(".".join(tables.relative_to(ROOT).with_suffix("").parts))


def run() -> None:
    url = make_url(DatabaseSettings.read().url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            # A migration that waits for a lock makes every query behind it wait too.
            connection.execute(text("SET LOCAL lock_timeout = '4s'"))
            connection.execute(text("SET LOCAL statement_timeout = '60s'"))
            context.run_migrations()
    engine.dispose()


run()
