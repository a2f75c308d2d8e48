"""What is written down of what a test has done."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from shared.infrastructure.database import engine


def rows_of(table: str, where: str = "true", **named: Any) -> Sequence[Row[Any]]:
    """The first one first."""
    query = text(f"SELECT * FROM {table} WHERE {where} ORDER BY id")
    with engine().connect() as database:
        return database.execute(query, named).all()


def request_logs(where: str = "true", **named: Any) -> Sequence[Row[Any]]:
    return rows_of("request_logs", where, **named)


def change(statement: str, **named: Any) -> None:
    """Past all that watches over a table, as whoever owns the database could."""
    with engine().begin() as database:
        database.execute(text("SET LOCAL session_replication_role = replica"))
        database.execute(text(statement), named)
