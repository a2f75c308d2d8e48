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
        view = connections.views(self._session, [connection_id]).get(connection_id)
        if view is None:
            return None
        channel = catalogue.channel(view.channel)
        return Connection(
            id=view.id,
            organization_id=OrganizationId(view.organization_id),
            channel=view.channel,
            is_connected=view.status == "connected",
            max_length=view.limits.get("max_length", channel.max_length),
        )

    def connected(self, connection_ids: Collection[UUID]) -> Collection[UUID]:
        views = connections.views(self._session, connection_ids).values()
        return {view.id for view in views if view.status != "disconnected"}

    def record_used(self, connection_ids: Collection[UUID], *, at: datetime) -> None:
        connections.mark_used(self._session, connection_ids, at)

    def record_refused(self, words: Mapping[UUID, str], *, at: datetime) -> None:
        connections.mark_failed(self._session, words, at)
