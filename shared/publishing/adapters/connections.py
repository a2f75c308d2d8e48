"""Connections as publishing sees them, asked of channels."""

from collections.abc import Collection, Mapping, Sequence
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

    def on(self, channels: Collection[str], organization_id: OrganizationId) -> Sequence[UUID]:
        return connections.on_channels(self._session, organization_id, channels)

    def want_renewal(self, tried_at: Mapping[UUID, datetime], *, at: datetime) -> None:
        connections.want_refresh(self._session, tried_at, at)

    def record_used(self, connection_ids: Collection[UUID], *, at: datetime) -> None:
        connections.mark_used(self._session, connection_ids, at)

    def record_refused(
        self, refusals: Mapping[UUID, tuple[str, datetime]], *, at: datetime
    ) -> None:
        connections.mark_failed(
            self._session,
            {
                connection_id: connections.Refusal(words=words, tried_at=tried_at)
                for connection_id, (words, tried_at) in refusals.items()
            },
            at,
        )


def _connection(view: connections.ConnectionView) -> Connection:
    channel = catalogue.find(view.channel)
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
        is_supported=channel is not None,
        limits=view.limits,
        max_length=view.limits.get("max_length") or (channel.max_length if channel else 0),
    )
