"""Alembic's environment: every context's tables, short lock waits, one upgrade at a time."""

import time
from importlib import import_module
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from migrations.tenancy import FROM, confine
from migrations.upgrade import owners_url
from shared.infrastructure.database import metadata

ROOT = Path(__file__).parent.parent
_ADVISORY_LOCK = 0x4C757861726973  # "Luxaris": two upgrades at once wait for each other
# A migration that waits for a lock makes every query behind it wait too.
_TIMEOUTS = {"options": "-c lock_timeout=4s -c statement_timeout=60s"}

for tables in sorted(ROOT.glob("shared/*/adapters/*tables.py")):
    import_module(".".join(tables.relative_to(ROOT).with_suffix("").parts))


def run() -> None:
    engine = create_engine(owners_url(), poolclass=pool.NullPool, connect_args=_TIMEOUTS)
    with engine.connect() as turn, engine.connect() as connection:
        _await(turn)
        context.configure(
            connection=connection,
            target_metadata=metadata,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if _is_confined():
            confine(connection)
        connection.commit()
    engine.dispose()


def _is_confined() -> bool:
    reached = context.get_context().get_current_heads()
    line = context.script.iterate_revisions(reached, "base")
    return any(each.revision == FROM for each in line)


def _await(turn: Connection) -> None:
    """Until nobody else upgrades; the lock is this connection's, across every migration's commit.

    It is asked for again and again: an index that is built beside others' work waits for every
    statement that has begun, and would wait for one that waits here.
    """
    asking = turn.execution_options(isolation_level="AUTOCOMMIT")
    while not asking.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_LOCK}):
        time.sleep(0.2)


run()
