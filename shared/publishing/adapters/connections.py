"""Connections as publishing sees them, asked of channels."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.channels.api import catalogue, connections
from shared.kernel.ids import OrganizationId
from shared.publishing.application.ports import Connection


class ChannelsConnections:
    def __init__(self, session: Session) -> None:
        self._session = session

    def connection(self, connection_id: UUID) -> Connection | None:
        return self.connections([connection_id]).get(connection_id)

    def connections(self, connection_ids: Collection[UUID]) -> Mapping[UUID, Connection]:
        views = connections.views(self._session, connection_ids)
        return {view.id: _connection(view) for view in views.values()}

    def want_renewal(self, connection_ids: Collection[UUID], *, at: datetime) -> None:
        connections.want_refresh(self._session, connection_ids, at)

    def record_used(self, connection_ids: Collection[UUID], *, at: datetime) -> None:
        connections.mark_used(self._session, connection_ids, at)

    def record_refused(self, words: Mapping[UUID, str], *, at: datetime) -> None:
        connections.mark_failed(self._session, words, at)


def _connection(view: connections.ConnectionView) -> Connection:
    return Connection(
        id=view.id,
        organization_id=OrganizationId(view.organization_id),
        channel=view.channel,
        is_connected=view.status == "connected",
        is_disconnected=view.status == "disconnected",
        credentials_expire_at=view.credentials_expire_at,
        lateness=view.lateness,
        minimum_gap=view.minimum_gap,
        daily_cap=view.daily_cap,
        max_length=view.limits.get("max_length") or catalogue.channel(view.channel).max_length,
    )
