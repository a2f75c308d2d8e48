"""The networks there are and the accounts connected to them, asked of channels."""

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


class ChannelsAccounts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, connection_id: UUID) -> ConnectedAccount | None:
        view = connections.views(self._session, [connection_id]).get(connection_id)
        if view is None:
            return None
        channel = catalogue.find(view.channel)
        return ConnectedAccount(
            organization_id=view.organization_id,
            channel=view.channel,
            is_connected=view.status == "connected",
            max_length=view.limits.get("max_length") or (channel.max_length if channel else 0),
        )
