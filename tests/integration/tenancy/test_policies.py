"""Each table of tenants, with rows of two organizations: what somebody confined sees and does."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Table,
    create_engine,
    func,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from migrations.upgrade import upgrade
from shared.kernel.ids import new_id
from shared.kernel.retention import Kept
from shared.operations.domain.retention import PARTITIONED
from tests.architecture.test_tables import A_PERSONS, TABLES, WITHOUT_TENANT

OURS, THEIRS = new_id(), new_id()
TENANTS = [table for table in TABLES if "organization_id" in table.columns]
PERSONAL = [table for table in TABLES if "user_id" in table.columns and table not in TENANTS]


@pytest.fixture(scope="module")
def bare(environment: dict[str, str]) -> Iterator[Engine]:
    """The tables with their policies, but without what else they demand of a row."""
    url = make_url(environment["DATABASE_URL"]).set(drivername="postgresql+psycopg")
    server = create_engine(
        url.set(database="template1"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with server.connect() as admin, pytest.MonkeyPatch.context() as patch:
        admin.execute(text("DROP DATABASE IF EXISTS bare WITH (FORCE)"))
        admin.execute(text("CREATE DATABASE bare TEMPLATE template0"))
        address = url.set(drivername="postgresql", database="bare")
        patch.setenv("DATABASE_URL", address.render_as_string(hide_password=False))
        upgrade()
        database = create_engine(url.set(database="bare"), poolclass=NullPool)
        with database.begin() as connection:
            connection.execute(text(_LOOSEN))
            for table in TENANTS:
                for organization_id in (OURS, THEIRS):
                    _insert(connection, table, organization_id)
        yield database
        admin.execute(text("DROP DATABASE bare WITH (FORCE)"))


_LOOSEN = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT conrelid::regclass AS name, conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f') AND conparentid = 0
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.name, one.conname); END LOOP;
    FOR one IN SELECT attrelid::regclass AS name, attname FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0
          AND NOT relispartition AND attnotnull AND attgenerated = '' AND attidentity = ''
          AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND indisprimary
                            AND attnum = ANY (indkey))
    LOOP EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', one.name, one.attname); END LOOP;
    FOR one IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one.name); END LOOP;
END $$
"""


_KEYS = {
    str: "left(gen_random_uuid()::text, 20)",
    int: "floor(random() * 1000000)::int",
    datetime: "now()",
}
"""A key of each type that nobody has."""


def _key(column: "Column[Any]") -> str:
    """An id of now and a period, by which records find their partitions."""
    kind = column.type.python_type
    if kind is UUID:
        return f"'{new_id()}'::uuid"
    return f"'{PARTITIONED[column.table.name][0]}'" if kind is Kept else _KEYS[kind]


def _insert(connection: Connection, table: Table, organization_id: UUID) -> None:
    """Its key anew, and whose it is."""
    made = {
        column.name: _key(column) for column in table.primary_key if column.identity is None
    } | {"organization_id": ":tenant"}
    connection.execute(
        text(f"INSERT INTO {table.name} ({', '.join(made)}) VALUES ({', '.join(made.values())})"),
        {"tenant": organization_id},
    )


def _as(connection: Connection, role: str, organization_id: UUID | None = None) -> None:
    connection.execute(
        text(
            "SELECT set_config('role', :role, true), set_config('app.organization_id', :id, true)"
        ),
        {"role": role, "id": str(organization_id or "")},
    )


def test_there_are_tables_of_tenants_and_of_persons() -> None:
    assert len(TENANTS) > 15
    own = {name for name, why in WITHOUT_TENANT.items() if why == A_PERSONS}
    assert {table.name for table in PERSONAL} == own


@pytest.mark.parametrize("table", TENANTS, ids=str)
def test_a_query_without_a_filter_shows_ones_own_rows(table: Table, bare: Engine) -> None:
    whose = select(table.c.organization_id)
    with bare.connect() as connection:
        _as(connection, "luxaris_app", OURS)
        assert set(connection.scalars(whose)) == {OURS}, f"{table.name} has no policy"
        _as(connection, "luxaris_app")
        assert connection.scalars(whose).all() == []
        _as(connection, "luxaris_system")
        assert set(connection.scalars(whose)) == {OURS, THEIRS}


@pytest.mark.parametrize("table", TENANTS, ids=str)
def test_a_change_without_a_filter_changes_ones_own_rows(table: Table, bare: Engine) -> None:
    with bare.connect() as connection:
        _as(connection, "luxaris_app", OURS)
        removed = connection.execute(table.delete()).rowcount
        _as(connection, "luxaris_system")
        left = connection.scalars(select(table.c.organization_id)).all()
    assert (removed, left) == (1, [THEIRS])


@pytest.mark.parametrize("table", TENANTS, ids=str)
def test_nothing_is_given_to_others(table: Table, bare: Engine) -> None:
    gift = update(table).values(organization_id=THEIRS)
    with bare.connect() as connection:
        _as(connection, "luxaris_app", OURS)
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(gift)
    with bare.connect() as connection:
        _as(connection, "luxaris_app", OURS)
        with pytest.raises(ProgrammingError, match="row-level security"):
            _insert(connection, table, THEIRS)


@pytest.mark.parametrize("role", ["luxaris_app", "luxaris_system"])
def test_nobody_who_serves_owns_a_table_or_passes_a_policy(role: str, bare: Engine) -> None:
    with bare.connect() as connection:
        owned = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE tableowner = :role"), {"role": role}
        ).all()
        able = connection.execute(
            text("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = :role"),
            {"role": role},
        ).one()
        _as(connection, role)
        with pytest.raises(ProgrammingError):
            connection.execute(text("ALTER TABLE posts DISABLE ROW LEVEL SECURITY"))
    assert not owned
    assert tuple(able) == (False, False, False)


@pytest.mark.parametrize("table", PERSONAL, ids=str)
def test_an_organization_does_not_reach_what_is_a_persons_own(table: Table, bare: Engine) -> None:
    name = table.name
    for wanted in (
        f"SELECT FROM {name}",
        f"DELETE FROM {name}",
        f"INSERT INTO {name} DEFAULT VALUES",
        f"UPDATE {name} SET user_id = user_id",
    ):
        with bare.connect() as connection:
            _as(connection, "luxaris_app", OURS)
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text(wanted))


def test_every_other_table_can_be_used(bare: Engine) -> None:
    """Also those that belong to nobody in particular."""
    with bare.connect() as connection:
        for role in ("luxaris_app", "luxaris_system"):
            _as(connection, role)
            for table in TABLES:
                if role == "luxaris_system" or table not in PERSONAL:
                    connection.execute(select(func.count()).select_from(table))


def test_a_table_made_later_is_confined_by_the_next_upgrade(bare: Engine) -> None:
    with bare.begin() as connection:
        connection.execute(text("CREATE TABLE later (id uuid, organization_id uuid)"))
        connection.execute(
            text("INSERT INTO later VALUES (gen_random_uuid(), :theirs)"), {"theirs": THEIRS}
        )
    with pytest.MonkeyPatch.context() as patch:
        address = bare.url.set(drivername="postgresql")
        patch.setenv("DATABASE_URL", address.render_as_string(hide_password=False))
        upgrade()
    with bare.begin() as connection:
        _as(connection, "luxaris_app", OURS)
        assert connection.scalar(text("SELECT count(*) FROM later")) == 0
        _as(connection, "none")
        connection.execute(text("DROP TABLE later"))
