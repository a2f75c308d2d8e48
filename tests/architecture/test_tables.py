"""Rule 7 and the database: whose row it is, which words a state may have, what an instant is."""

import re
from importlib import import_module

import pytest
from sqlalchemy import CheckConstraint, Column, DateTime, Table
from sqlalchemy.types import String, Uuid

from shared.infrastructure.database import metadata
from tests.architecture.tree import ROOT, module_of

for tables in sorted(ROOT.glob("shared/*/adapters/*tables.py")):
    import_module(module_of(tables))

TABLES = list(metadata.tables.values())
A_PERSONS = "a person's own, whatever organization they act in"
WITHOUT_TENANT = {
    "audit_unsealed": "ids alone, until each entry is in its organization's chain",
    "external_identities": A_PERSONS,
    "feature_flags": "all organizations share them",
    "limit_counters": "counts before anybody has proved who they are",
    "media_orphans": "files that belong to nobody",
    "one_time_tokens": A_PERSONS,
    "organizations": "it is the tenant",
    "passkeys": A_PERSONS,
    "platform_applications": "everybody's: root keeps them, or we make them known ourselves",
    "recovery_codes": A_PERSONS,
    "ticks": "a timer's, which serves all organizations",
    "totp_secrets": A_PERSONS,
    "users": "a person may belong to several organizations",
}
OFTEN_NOBODYS = {
    "request_logs": "of a stranger's request, too; and it is worth no look at organizations",
    "system_logs": "of work for several organizations, too; the same",
}
"""Tables whose rows may belong to nobody, and whose organization may be gone."""
WITHOUT_CHANNEL = {
    "connection_budgets": "the engine's own, shown to nobody",
    "posting_slots": "lists go through `reached_through_connections`, one slot by its connection",
    "publish_events": "shown with the schedule they are of, which has the channel",
    "queued_claims": "the engine's own, shown to nobody",
    "recurrences": "as slots: the connection a series goes to may be another tomorrow",
}
"""Tables that name a connection, but not its channel, to which keys may be held."""
STATE_NAMES = re.compile(r"(.+_)?(status|state|role|kind|class)|action_required|responsible")
"""Columns that hold one word of a few, by their names."""


def _is_state(column: "Column[object]") -> bool:
    return isinstance(column.type, String) and STATE_NAMES.fullmatch(column.name) is not None


STATES = [column for table in TABLES for column in table.columns if _is_state(column)]


def test_there_are_tables_and_states() -> None:
    assert TABLES
    assert STATES


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_table_says_whose_row_it_is(table: Table) -> None:
    if table.name in WITHOUT_TENANT:
        assert "organization_id" not in table.columns, "no longer exempt"
        return
    assert "organization_id" in table.columns, (
        f"give {table.name} an organization_id, or a reason in WITHOUT_TENANT"
    )
    tenant = table.columns["organization_id"]
    if table.name in OFTEN_NOBODYS:
        assert tenant.nullable, "no longer exempt"
        return
    assert not tenant.nullable
    assert [key.target_fullname for key in tenant.foreign_keys] == ["organizations.id"]


def test_no_exemption_is_out_of_date() -> None:
    exempt = WITHOUT_TENANT.keys() | WITHOUT_CHANNEL.keys() | OFTEN_NOBODYS.keys()
    assert exempt <= {table.name for table in TABLES}


@pytest.mark.parametrize(
    "table", [each for each in TABLES if "channel_connection_id" in each.columns], ids=str
)
def test_what_names_a_connection_says_its_channel(table: Table) -> None:
    """By that name `Actor.own` and `within_reach` keep a key to its channels."""
    if table.name in WITHOUT_CHANNEL:
        assert "channel" not in table.columns, "no longer exempt"
        return
    assert "channel" in table.columns, (
        f"give {table.name} a channel, or a reason in WITHOUT_CHANNEL that keys are kept out"
    )
    assert not table.columns["channel"].nullable


@pytest.mark.parametrize("column", STATES, ids=str)
def test_every_state_is_checked_by_the_database(column: "Column[object]") -> None:
    checks = [
        str(constraint.sqltext)
        for constraint in column.table.constraints
        if isinstance(constraint, CheckConstraint)
    ]
    assert any(column.name in check and "IN (" in check.upper() for check in checks), (
        f'add CheckConstraint("{column.name} IN (…)") to {column.table.name}'
    )


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_instants_are_aware(table: Table) -> None:
    naive = [
        column.name
        for column in table.columns
        if isinstance(column.type, DateTime) and not column.type.timezone
    ]
    assert not naive, "DateTime(timezone=True)"


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_ids_are_uuids(table: Table) -> None:
    odd = [
        column.name
        for column in table.columns
        if (column.name == "id" or column.foreign_keys) and not isinstance(column.type, Uuid)
    ]
    assert not odd


@pytest.mark.parametrize("column", STATES, ids=str)
def test_words_are_kept_as_text(column: "Column[object]") -> None:
    """A type of the database cannot lose a word in a migration; a CHECK can."""
    assert not getattr(column.type, "native_enum", False), "Enum(…, native_enum=False)"
