"""Connections in PostgreSQL, and the unit of work around them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.channels.adapters.applications import PostgresApplications
from shared.channels.adapters.journeys import PostgresJourneys
from shared.channels.adapters.people import IdentityPeople
from shared.channels.adapters.publishing import PublishingSchedules
from shared.channels.adapters.tables import channel_connections
from shared.channels.domain.connection import Connection, Status
from shared.infrastructure.database import transaction
from shared.kernel.errors import Conflict
from shared.operations.api.events import RecordedHappenings


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
            select(Connection).where(
                channel_connections.c.organization_id == organization_id,
                channel_connections.c.channel == channel,
                channel_connections.c.external_account_id == external_account_id,
            )
        )

    def share_a_grant(self, connection: Connection) -> bool:
        table = channel_connections.c
        others = select(table.id).where(
            table.grant_id == connection.grant_id,
            table.id != connection.id,
            table.credentials.is_not(None),
        )
        return connection.grant_id is not None and bool(
            self._session.scalar(select(others.exists()))
        )

    def hold_grant(self, connection: Connection) -> None:
        if connection.grant_id is not None:
            table = channel_connections.c
            self._session.execute(
                select(table.id)
                .where(table.grant_id == connection.grant_id)
                .order_by(table.id)
                .with_for_update(key_share=True)
            )

    def due_for_renewal(self, *, now: datetime, limit: int) -> Sequence[Connection]:
        leased_until = channel_connections.c.refresh_lease_until
        return self._session.scalars(
            select(Connection)
            .where(
                channel_connections.c.next_refresh_at <= now,
                channel_connections.c.status == Status.CONNECTED,
                leased_until.is_(None) | (leased_until <= now),
            )
            .order_by(channel_connections.c.next_refresh_at)
            .limit(limit)
            .with_for_update(key_share=True, skip_locked=True)
        ).all()


@dataclass(frozen=True)
class PostgresChannels:
    connections: PostgresConnections
    schedules: PublishingSchedules
    applications: PostgresApplications
    journeys: PostgresJourneys
    people: IdentityPeople
    happenings: RecordedHappenings


@contextmanager
def begin() -> Iterator[PostgresChannels]:
    with transaction() as session:
        yield PostgresChannels(
            PostgresConnections(session),
            PublishingSchedules(session),
            PostgresApplications(session),
            PostgresJourneys(session),
            IdentityPeople(session),
            RecordedHappenings(session),
        )
