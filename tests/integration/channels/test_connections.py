"""Connections as other contexts see and mark them, and the one row an account has."""

from datetime import timedelta

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from shared.channels.adapters.postgres import PostgresConnections
from shared.channels.api import connections
from shared.infrastructure.database import engine, transaction
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from tests.integration.channels.stored import NOW, connected, disconnect, proved, statuses


def test_views_show_those_that_exist(actor: Actor) -> None:
    first, second = connected(actor, "1"), connected(actor, "2")
    disconnect(second)
    with transaction() as session:
        views = connections.views(session, [first, second, new_id()])
    assert views.keys() == {first, second}
    assert views[first] == connections.ConnectionView(
        id=first,
        organization_id=actor.organization_id,
        channel="mastodon",
        status="connected",
        limits={"max_length": 500},
    )
    assert views[second].status == "disconnected"


def test_nothing_asked_is_nothing_answered(actor: Actor) -> None:
    with transaction() as session:
        assert connections.views(session, []) == {}
        connections.mark_used(session, [], NOW)
        connections.mark_failed(session, {}, NOW)


def test_the_last_use_is_the_latest(actor: Actor) -> None:
    used, idle = connected(actor, "1"), connected(actor, "2")
    with transaction() as session:
        connections.mark_used(session, [used], NOW)
        connections.mark_used(session, [used], NOW - timedelta(hours=1))
    with engine().connect() as database:
        rows = database.execute(text("SELECT id, last_used_at FROM channel_connections"))
        assert {row.id: row.last_used_at for row in rows} == {used: NOW, idle: None}


def test_failures_are_marked_where_there_is_something_to_lose(actor: Actor) -> None:
    failed, fine, gone = (connected(actor, number) for number in "123")
    disconnect(gone)
    with transaction() as session:
        words = {failed: "no\0 more" + "!" * 600, gone: "no more"}
        connections.mark_failed(session, words, NOW + timedelta(hours=1))
    assert statuses() == {
        failed: ("error", ("no more" + "!" * 600)[:500]),
        fine: ("connected", None),
        gone: ("disconnected", None),
    }
    with engine().connect() as database:
        rows = database.execute(text("SELECT id, updated_at FROM channel_connections"))
        assert {row.id: row.updated_at for row in rows} == {
            failed: NOW + timedelta(hours=1),
            fine: NOW,
            gone: NOW,
        }


def test_two_transactions_cannot_both_connect_an_account(
    actor: Actor,
) -> None:
    """Neither has seen the other's row when it decides to add its own."""
    separate = create_engine(engine().url, poolclass=NullPool)
    with Session(separate) as one, Session(separate) as other:
        for session in (one, other):
            found = PostgresConnections(session).of_account(actor.organization_id, "mastodon", "1")
            assert found is None
        PostgresConnections(one).add(proved(actor))
        one.commit()
        with pytest.raises(Conflict) as refused:
            PostgresConnections(other).add(proved(actor))
    assert refused.value.code == "CONNECTION_ALREADY_EXISTS"
    assert len(statuses()) == 1
