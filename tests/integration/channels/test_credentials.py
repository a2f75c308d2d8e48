"""Credentials of connections: sealed for their row, opened for delivery."""

import base64
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from shared.channels.adapters.vault import unseal
from shared.channels.api import delivery
from shared.infrastructure.database import engine, transaction
from shared.infrastructure.encryption import encryption
from shared.kernel.actor import Actor
from tests.integration.channels.stored import connected, disconnect, proved


def test_credentials_are_opened_for_delivery(actor: Actor) -> None:
    first, second = connected(actor, "1"), connected(actor, "2")
    with transaction() as session:
        opened = delivery.credentials(session, [first, second])
    assert opened[first].channel == "mastodon"
    assert opened[first].values == {"access_token": "token of 1"}
    assert opened[second].values == {"access_token": "token of 2"}
    assert "token of 1" not in repr(opened)


def test_what_is_disconnected_has_none(actor: Actor) -> None:
    connection_id = connected(actor)
    disconnect(connection_id)
    with transaction() as session:
        assert delivery.credentials(session, [connection_id]) == {}


def test_a_row_cannot_borrow_anothers_credentials(actor: Actor) -> None:
    lender, borrower = connected(actor, "1"), connected(actor, "2")
    with engine().begin() as database:
        database.execute(
            text(
                "UPDATE channel_connections SET credentials ="
                " (SELECT credentials FROM channel_connections WHERE id = :lender)"
                " WHERE id = :borrower"
            ),
            {"lender": lender, "borrower": borrower},
        )
    with transaction() as session:
        assert delivery.credentials(session, [lender, borrower]).keys() == {lender}


def test_one_lost_key_does_not_hold_up_the_rest(actor: Actor) -> None:
    lost, fine = connected(actor, "1"), connected(actor, "2")
    with engine().begin() as database:
        database.execute(
            text("UPDATE channel_connections SET credentials_key_id = 'gone' WHERE id = :lost"),
            {"lost": lost},
        )
    with transaction() as session:
        assert delivery.credentials(session, [lost, fine]).keys() == {fine}


@pytest.fixture
def rotate(environment: dict[str, str]) -> Iterator[Callable[[], None]]:
    """Put a newer key in front of the one there is."""
    with pytest.MonkeyPatch.context() as patch:

        def rotate() -> None:
            key = base64.b64encode(b"n" * 32).decode()
            patch.setenv("ENCRYPTION_KEYS", f"newer:{key},{environment['ENCRYPTION_KEYS']}")
            encryption.cache_clear()

        yield rotate
    encryption.cache_clear()


def test_what_an_older_key_sealed_is_still_opened(actor: Actor, rotate: Callable[[], None]) -> None:
    old = connected(actor, "1")
    rotate()
    new = connected(actor, "2")
    with transaction() as session:
        opened = delivery.credentials(session, [old, new])
        rows = session.execute(text("SELECT id, credentials_key_id FROM channel_connections"))
        assert {row.id: row.credentials_key_id for row in rows} == {old: "test", new: "newer"}
    assert opened[old].values == {"access_token": "token of 1"}
    assert opened[new].values == {"access_token": "token of 2"}


def test_sealed_credentials_do_not_show_themselves(actor: Actor) -> None:
    connection = proved(actor)
    assert connection.credentials is not None
    assert repr(connection.credentials) not in repr(connection)
    assert "token of 1" not in repr(connection)
    assert unseal(connection.id, connection.sealed()) == {"access_token": "token of 1"}
