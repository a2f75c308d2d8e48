"""Migrations and tables say the same, in both directions, with rows in the tables."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from subprocess import run
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Column, Engine, event, text
from sqlalchemy.exc import IntegrityError

from migrations.upgrade import configuration, upgrade
from shared.infrastructure.database import engine, metadata
from tests.accounts import root
from tests.api import Api
from tests.architecture.test_tables import STATES
from tests.author import Author
from tests.scratch_database import scratch_database, settings_of
from tests.simulator.client import Simulator

REVISIONS = list(ScriptDirectory.from_config(configuration()).walk_revisions())

SCHEMA = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
               column_default, generation_expression
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "comments": """
        SELECT objoid::regclass::text, attname, description
          FROM pg_description LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid
         WHERE classoid = 'pg_class'::regclass
           AND objoid::regclass::text NOT LIKE '%.%'""",
    "storage": """
        SELECT relname, reloptions::text FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL""",
}


POLICIES = """
    SELECT tablename, policyname, roles::text, qual FROM pg_policies
    UNION ALL SELECT relname, 'row security', '', '' FROM pg_class
     WHERE relrowsecurity AND relnamespace = 'public'::regnamespace
"""
"""Kept for all tables alike by `migrations.tenancy`; the tables themselves know nothing of it."""


@pytest.fixture(scope="module")
def migrated(server: URL) -> Iterator[Engine]:
    """A database as the migrations build it, to look at."""
    with scratch_database(server, "migrated") as database:
        with settings_of(database):
            upgrade()
        yield database


@pytest.fixture
def scratch(server: URL) -> Iterator[Engine]:
    """A database as the migrations build it, to change."""
    with scratch_database(server, "scratch") as database, settings_of(database):
        upgrade()
        yield database


def _describe(database: Engine, what: str) -> set[tuple[Any, ...]]:
    with database.connect() as connection:
        rows = connection.execute(text({**SCHEMA, "policies": POLICIES}[what])).all()
    return {tuple(row) for row in rows if "alembic_version" not in str(row[0])}


def _schema(database: Engine) -> dict[str, set[tuple[Any, ...]]]:
    return {what: _describe(database, what) for what in (*SCHEMA, "policies")}


def _tables(database: Engine) -> set[str]:
    return {str(row[0]) for row in _describe(database, "columns")}


def test_autogenerate_finds_nothing_to_do(migrated: Engine) -> None:
    with settings_of(migrated):
        command.check(configuration())


@pytest.mark.parametrize("what", SCHEMA)
def test_migrations_build_what_the_tables_say(what: str, migrated: Engine, server: URL) -> None:
    """Also what autogenerate does not look at: checks, predicates, computed columns."""
    with scratch_database(server, "created") as created:
        metadata.create_all(created)
        assert _describe(migrated, what) == _describe(created, what)


def test_migrations_are_one_line() -> None:
    script = ScriptDirectory.from_config(configuration())
    assert len(script.get_heads()) == 1
    assert [revision.revision for revision in REVISIONS] == [
        f"{number:04}" for number in range(len(REVISIONS), 0, -1)
    ]


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda revision: revision.revision)
def test_each_migration_can_be_taken_back(revision: Any, scratch: Engine) -> None:
    before = revision.down_revision or "base"
    command.downgrade(configuration(), before)
    without = _schema(scratch)
    upgrade(revision.revision)
    assert _schema(scratch) != without
    command.downgrade(configuration(), before)
    assert _schema(scratch) == without


@pytest.mark.parametrize("revision", ["0008", "0015"])
def test_indexes_are_built_in_nobodys_way(revision: str, scratch: Engine) -> None:
    """Who has written and not committed is waited for, and holds up nobody who comes after."""
    before = str(next(each for each in REVISIONS if each.revision == revision).down_revision)
    command.downgrade(configuration(), before)
    built: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if " INDEX " in statement and not statement.startswith("COMMENT"):
            built.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        upgrade(revision)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert built
    assert [each for each in built if " CONCURRENTLY " not in each] == []


def test_what_was_left_unfinished_is_built_anew(scratch: Engine) -> None:
    whole = _schema(scratch)
    for revision in ("0015", "0008"):
        before = str(next(each for each in REVISIONS if each.revision == revision).down_revision)
        command.downgrade(configuration(), revision)
        with scratch.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": before})
        upgrade(revision)
    upgrade()
    assert _schema(scratch) == whole


def test_upgrades_wait_for_each_other(scratch: Engine) -> None:
    """Also where the first one builds indexes, which waits for every statement that is older."""
    command.downgrade(configuration(), "0007")
    with ThreadPoolExecutor(2) as pool:
        command_line = [sys.executable, "-m", "migrations.upgrade"]
        ended = list(pool.map(lambda _: run(command_line, check=False).returncode, range(2)))
    assert ended == [0, 0]


def test_down_and_up_again_with_rows(api: Api, simulator: Simulator, server: URL) -> None:
    Author.of(root(api)).scheduled()
    source = engine().url.database
    engine().dispose()
    with (
        scratch_database(server, "populated", str(source)) as database,
        settings_of(database),
    ):
        with database.connect() as connection:
            filled = {
                table
                for table in metadata.tables
                if connection.scalar(text(f"SELECT EXISTS (SELECT FROM {table})"))
            }
        assert {"users", "organizations", "posts", "post_variants", "schedules"} <= filled
        before = _schema(database)
        for revision in REVISIONS:
            command.downgrade(configuration(), str(revision.down_revision or "base"))
        assert not _tables(database)
        upgrade()
        assert _schema(database) == before


def test_connections_of_bluesky_get_a_session(api: Api, simulator: Simulator, server: URL) -> None:
    author = Author.of(root(api))
    for channel in ("bluesky", "mastodon"):
        author.connect(channel)
    source = engine().url.database
    engine().dispose()
    with (
        scratch_database(server, "sessions", str(source)) as database,
        settings_of(database),
    ):
        command.downgrade(configuration(), "0005")
        upgrade()
        query = text("SELECT channel, token_expires_at, next_refresh_at FROM channel_connections")
        with database.connect() as connection:
            due = {row.channel: (row[1], row[2]) for row in connection.execute(query)}
    assert due["mastodon"] == (None, None)
    assert None not in due["bluesky"]
    assert max(due["bluesky"]) <= datetime.now(UTC)


@pytest.mark.parametrize("column", STATES, ids=str)
def test_the_database_refuses_an_unknown_word(column: "Column[Any]", migrated: Engine) -> None:
    """In a copy of the table that keeps its checks and demands nothing else."""
    table = column.table
    with migrated.connect() as connection:
        connection.execute(
            text(f"CREATE TEMPORARY TABLE copy (LIKE {table.name} INCLUDING CONSTRAINTS)")
        )
        for other in table.columns:
            if not other.primary_key:
                connection.execute(text(f"ALTER TABLE copy ALTER {other.name} DROP NOT NULL"))
            else:
                connection.execute(text(f"ALTER TABLE copy DROP {other.name}"))
        connection.execute(text(f"INSERT INTO copy ({column.name}) VALUES (NULL)"))
        with pytest.raises(IntegrityError, match="violates check constraint"):
            connection.execute(text(f"INSERT INTO copy ({column.name}) VALUES ('nonsense')"))
