"""What the database is asked while the cache should answer."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event


@pytest.fixture
def statements(database: None) -> Iterator[list[str]]:
    """What the database was asked during the test."""
    from shared.infrastructure.database import engine

    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    yield asked
    event.remove(engine(), "before_cursor_execute", note)
