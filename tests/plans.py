"""By which way the database finds what a handler asks it for, as whom it asks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import text

from shared.infrastructure.database import CHANGE_ROLE, engine
from shared.infrastructure.tenancy import EVERYBODYS, Sight, sight

Statement = tuple[str, Any, Sight]


@contextmanager
def statements(*tables: str) -> Iterator[list[Statement]]:
    """What is asked of any of these tables, and with whose eyes."""
    seen: list[Statement] = []
    execute, is_past_policies = psycopg.Cursor.execute, False

    def note(cursor: Any, query: Any, parameters: Any = None, **options: Any) -> Any:
        nonlocal is_past_policies
        if query == CHANGE_ROLE:
            is_past_policies = parameters == (EVERYBODYS.role,)
        if any(table in query for table in tables):
            seen.append((query, parameters, EVERYBODYS if is_past_policies else sight()))
        return execute(cursor, query, parameters, **options)

    with patch.object(psycopg.Cursor, "execute", note):
        yield seen


def plan_of(statement: Statement, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """Where nobody else has any, a table this small would be read whole.

    Without `bitmapscan`, a way that reads an index alone is taken wherever there is one. With it
    that depends on how many pages are known to be seen by all, which any transaction that is
    under way somewhere keeps from being known.
    """
    with engine().connect() as database:
        sql, parameters, seen = statement
        for each in seen.commands:
            database.execute(text(each))
        for kind in ("seqscan", *without):
            database.execute(text(f"SET LOCAL enable_{kind} = off"))
        explained = database.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        plan: dict[str, Any] = explained.scalar_one()[0]["Plan"]
    return plan


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from steps(part)
