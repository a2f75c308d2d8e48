"""Connections as other contexts see and mark them, and the one row an account has."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from shared.channels.adapters.postgres import PostgresConnections
from shared.channels.api import connections
from shared.infrastructure.database import engine, transaction
from shared.kernel.actor import Actor
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from tests.happened import told
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
        lateness=timedelta(minutes=60),
        minimum_gap=timedelta(),
        daily_cap=None,
        credentials_expire_at=None,
    )
    assert views[second].status == "disconnected"


def test_views_show_the_owners_policy(actor: Actor) -> None:
    changed = connected(actor)
    with transaction() as session:
        connection = PostgresConnections(session).get(changed)
        assert connection is not None
        connection.change(
            {"lateness_minutes": 10_080, "minimum_gap_seconds": 86_400, "daily_cap": 3}, NOW
        )
    with transaction() as session:
        view = connections.views(session, [changed])[changed]
    assert view.lateness == timedelta(days=7)
    assert view.minimum_gap == timedelta(days=1)
    assert view.daily_cap == 3


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


def refusal(words: str, tried_at: datetime = NOW) -> connections.Refusal:
    return connections.Refusal(words=words, tried_at=tried_at)


def used(connection_ids: Iterable[UUID], tried_at: datetime = NOW) -> dict[UUID, datetime]:
    return dict.fromkeys(connection_ids, tried_at)


def test_a_refusal_of_older_credentials_says_nothing_of_newer_ones(actor: Actor) -> None:
    lasting, renewable = connected(actor, "1"), expiring(actor, "2")
    before = NOW - timedelta(seconds=1)
    with transaction() as session:
        connections.mark_failed(session, {lasting: refusal("no more", before)}, NOW)
        connections.want_refresh(session, used([renewable], before), NOW)
    assert statuses() == {lasting: ("connected", None), renewable: ("connected", None)}
    assert renewals()[renewable] == (IN_TWO_HOURS, IN_AN_HOUR)


def test_failures_are_marked_where_there_is_something_to_lose(actor: Actor) -> None:
    failed, fine, gone = (connected(actor, number) for number in "123")
    disconnect(gone)
    with transaction() as session:
        words = {failed: refusal("no\0 more" + "!" * 600), gone: refusal("no more")}
        connections.mark_failed(session, words, NOW + timedelta(hours=1))
        connections.mark_failed(session, words, NOW + timedelta(hours=1))
    assert told("CHANNEL_ERROR") == {failed: None}
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


IN_AN_HOUR, IN_TWO_HOURS = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


def expiring(actor: Actor, number: str, *, attempts: int = 0) -> UUID:
    """A connection whose credentials last two hours and are renewed after one."""
    connection_id = connected(actor, number)
    with engine().begin() as database:
        database.execute(
            text(
                "UPDATE channel_connections SET token_expires_at = :expires_at,"
                " next_refresh_at = :refreshed_at, refresh_attempts = :attempts WHERE id = :id"
            ),
            {
                "id": connection_id,
                "expires_at": IN_TWO_HOURS,
                "refreshed_at": IN_AN_HOUR,
                "attempts": attempts,
            },
        )
    return connection_id


def renewals() -> dict[UUID, tuple[datetime | None, datetime | None]]:
    query = text("SELECT id, token_expires_at, next_refresh_at FROM channel_connections")
    with engine().connect() as database:
        return {row.id: (row[1], row[2]) for row in database.execute(query)}


def test_a_token_that_was_refused_has_expired_and_is_renewed_at_once(actor: Actor) -> None:
    refused, fine, lasting = expiring(actor, "1"), expiring(actor, "2"), connected(actor, "3")
    with transaction() as session:
        connections.want_refresh(session, used([refused, lasting, new_id()]), NOW)
        connections.want_refresh(session, used([refused]), NOW + timedelta(minutes=1))
    assert renewals() == {
        refused: (NOW, NOW),
        fine: (IN_TWO_HOURS, IN_AN_HOUR),
        lasting: (None, None),
    }
    with transaction() as session:
        views = connections.views(session, [refused, lasting])
    assert views[refused].credentials_expire_at == NOW
    assert views[lasting].credentials_expire_at is None


def test_wanting_it_does_not_hurry_a_network_in_trouble(actor: Actor) -> None:
    troubled = expiring(actor, "1", attempts=2)
    with transaction() as session:
        connections.want_refresh(session, used([troubled]), NOW)
    assert renewals() == {troubled: (NOW, IN_AN_HOUR)}


def test_what_only_a_person_can_mend_is_not_renewed(actor: Actor) -> None:
    gone, failed = expiring(actor, "1"), expiring(actor, "2")
    disconnect(gone)
    with transaction() as session:
        connection = PostgresConnections(session).get(failed)
        assert connection is not None
        connection.fail("no more", NOW)
    with transaction() as session:
        connections.want_refresh(session, used([gone, failed]), NOW)
    assert renewals() == {gone: (None, None), failed: (IN_TWO_HOURS, None)}


def test_a_refusal_of_what_can_be_renewed_is_no_error_yet(actor: Actor) -> None:
    renewable, lasting = expiring(actor, "1"), connected(actor, "2")
    with transaction() as session:
        refusals = {renewable: refusal("no more"), lasting: refusal("no more")}
        connections.mark_failed(session, refusals, NOW)
    assert statuses() == {renewable: ("connected", None), lasting: ("error", "no more")}
    assert renewals()[renewable] == (NOW, NOW)


def test_what_one_holds_another_does_not_wait_for(actor: Actor) -> None:
    held, free = expiring(actor, "1"), expiring(actor, "2")
    separate = create_engine(engine().url, poolclass=NullPool)
    with Session(separate) as one, Session(separate) as other:
        first = PostgresConnections(one).due_for_renewal(now=IN_AN_HOUR, limit=1)
        second = PostgresConnections(other).due_for_renewal(now=IN_AN_HOUR, limit=5)
        assert {each.id for each in [*first, *second]} == {held, free}
        assert len(first) == len(second) == 1


def test_what_is_leased_is_due_again_when_the_lease_has_lapsed(actor: Actor) -> None:
    connection_id = expiring(actor, "1")
    with transaction() as session:
        (due,) = PostgresConnections(session).due_for_renewal(now=IN_AN_HOUR, limit=5)
        claim = due.claim_renewal(IN_AN_HOUR)
    lapses = claim.leased_until
    with transaction() as session:
        table = PostgresConnections(session)
        assert not table.due_for_renewal(now=lapses - timedelta(seconds=1), limit=5)
        assert [each.id for each in table.due_for_renewal(now=lapses, limit=5)] == [connection_id]
        (due,) = table.due_for_renewal(now=lapses, limit=5)
        assert due.honours(claim), "the instant comes back from the database as it went there"
