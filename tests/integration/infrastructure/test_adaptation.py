"""Lists and JSON arrive in the database as they were, and come back so."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.uuid import UUIDBinaryDumper

from shared.infrastructure.adaptation import IdLists
from shared.infrastructure.database import engine

ONE, OTHER = UUID(int=1), UUID(int=(1 << 128) - 1)

documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc", max_size=3), inner),
    max_leaves=5,
)


@pytest.fixture
def connection(database: None) -> Any:
    with engine().connect() as pooled:
        yield pooled.connection.driver_connection


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uuid[]", [ONE]),
        ("uuid[]", [ONE, OTHER, ONE]),
        ("uuid[]", [ONE, None]),
        ("uuid[]", [None, ONE]),
        ("uuid[]", [[ONE, OTHER], [OTHER, ONE]]),
        ("uuid[]", []),
        ("uuid[]", [None]),
        ("text[]", ["a", "", 'b"', "{}", "NULL", None]),
        ("int[]", [1, None, -1]),
    ],
)
def test_lists(connection: Connection[Any], kind: str, value: list[Any]) -> None:
    query = f"SELECT %s::{kind}, array_lower(%s::{kind}, 1)"
    row = connection.execute(query, [value, value]).fetchone()
    assert row == (value, 1 if value else None)


def test_ids_have_a_way_of_their_own(connection: Connection[Any]) -> None:
    dumper = Transformer(connection).get_dumper([ONE], PyFormat.AUTO)
    assert isinstance(dumper, IdLists)
    assert isinstance(dumper.sub_dumper, UUIDBinaryDumper)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(document=documents)
@pytest.mark.parametrize("kind", ["json", "jsonb"])
def test_json(connection: Connection[Any], kind: str, document: Any) -> None:
    row = connection.execute(f"SELECT %s::{kind}", [json.dumps(document)]).fetchone()
    assert row == (document,)


def test_what_is_empty_is_new_each_time(connection: Connection[Any]) -> None:
    """Or what one reader adds would be in everybody's."""
    row = connection.execute("SELECT '{}'::jsonb, '{}'::jsonb, '[]'::json, '[]'::json").fetchone()
    assert row == ({}, {}, [], [])
    assert row[0] is not row[1]
    assert row[2] is not row[3]
