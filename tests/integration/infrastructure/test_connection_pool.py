"""Which of a process's connections to the database is taken."""

from sqlalchemy import Connection, text

from shared.infrastructure.database import engine


def process_behind(connection: Connection) -> int:
    found: int = connection.scalar(text("SELECT pg_backend_pid()"))
    return found


def test_whoever_comes_next_gets_the_one_that_was_used_last(own_engine: None) -> None:
    with engine().connect() as last, engine().connect() as other:
        expected = process_behind(last)
        assert process_behind(other) != expected
    for _ in range(3):
        with engine().connect() as again:
            assert process_behind(again) == expected
