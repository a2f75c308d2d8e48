"""Connections in PostgreSQL, and the unit of work around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.channels.adapters.publishing import PublishingSchedules
from shared.channels.adapters.tables import channel_connections
from shared.channels.domain.connection import Connection
from shared.infrastructure.database import transaction
from shared.kernel.errors import Conflict


class PostgresConnections:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, connection: Connection) -> None:
        self._session.add(connection)
        try:
            self._session.flush()
        except IntegrityError as error:
            # Not its text: that holds every value of the row.
            if "uq_channel_connections_account" not in str(error.orig):
                raise
            raise Conflict(
                "CONNECTION_ALREADY_EXISTS", "This account is connected already"
            ) from None

    def get(self, connection_id: UUID) -> Connection | None:
        return self._session.get(Connection, connection_id)

    def get_for_update(self, connection_id: UUID) -> Connection | None:
        return self._session.get(
            Connection, connection_id, populate_existing=True, with_for_update={"key_share": True}
        )

    def of_account(
        self, organization_id: UUID, channel: str, external_account_id: str
    ) -> Connection | None:
        return self._session.scalar(
            select(Connection)
            .where(
                channel_connections.c.organization_id == organization_id,
                channel_connections.c.channel == channel,
                channel_connections.c.external_account_id == external_account_id,
            )
            .with_for_update(key_share=True)
        )


@dataclass(frozen=True)
class PostgresChannels:
    connections: PostgresConnections
    schedules: PublishingSchedules


@contextmanager
def begin() -> Iterator[PostgresChannels]:
    with transaction() as session:
        yield PostgresChannels(PostgresConnections(session), PublishingSchedules(session))
