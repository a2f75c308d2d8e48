"""The networks there are and the accounts connected to them, asked of channels."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from shared.channels.api import catalogue, connections
from shared.content.domain.channel import Channel


def find_channel(slug: str) -> Channel:
    """The network of a slug.

    Raises:
        NotFound: `CHANNEL_NOT_FOUND`.
    """
    return catalogue.channel(slug)


@dataclass(frozen=True, kw_only=True)
class ConnectedAccount:
    organization_id: UUID
    channel: str
    is_connected: bool
    max_length: int
    limits: Mapping[str, int]


class ChannelsAccounts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get_all(self, connection_ids: Collection[UUID]) -> dict[UUID, ConnectedAccount]:
        if not connection_ids:
            return {}
        views = connections.views(self._session, connection_ids)
        return {each: _account(view) for each, view in views.items()}


def _account(view: connections.ConnectionView) -> ConnectedAccount:
    channel = catalogue.find(view.channel)
    return ConnectedAccount(
        organization_id=view.organization_id,
        channel=view.channel,
        is_connected=view.status == "connected",
        limits=view.limits,
        max_length=view.limits.get("max_length") or (channel.max_length if channel else 0),
    )
