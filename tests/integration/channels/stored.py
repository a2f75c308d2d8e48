"""Connections as they are stored."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text

from shared.channels.adapters.postgres import PostgresConnections
from shared.channels.adapters.vault import seal
from shared.channels.domain.connection import Connection
from shared.channels.domain.provider import Account
from shared.infrastructure.database import engine, transaction
from shared.kernel.actor import Actor

NOW = datetime(2027, 1, 1, tzinfo=UTC)


def account(number: str = "1") -> Account:
    return Account(
        external_id=number,
        username=f"@{number}",
        display_name=f"Number {number}",
        url="https://social.example/",
        avatar_url=None,
        credentials={"access_token": f"token of {number}"},
        limits={"max_length": 500},
    )


def proved(actor: Actor, number: str = "1") -> Connection:
    connection = Connection.new(
        actor=actor, channel="mastodon", external_account_id=number, now=NOW
    )
    of = account(number)
    connection.prove(of, seal(connection.id, of.credentials), NOW)
    connection.name(of.display_name)
    return connection


def connected(actor: Actor, number: str = "1") -> UUID:
    with transaction() as session:
        connection = proved(actor, number)
        PostgresConnections(session).add(connection)
        return connection.id


def statuses() -> dict[UUID, tuple[str, str | None]]:
    with engine().connect() as database:
        rows = database.execute(text("SELECT id, status, error_message FROM channel_connections"))
        return {row.id: (row.status, row.error_message) for row in rows}


def disconnect(connection_id: UUID) -> None:
    with transaction() as session:
        connection = PostgresConnections(session).get(connection_id)
        assert connection is not None
        connection.disconnect(NOW)
