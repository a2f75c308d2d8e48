"""Publishing at the networks, to the rest of Luxaris."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.channels.adapters.networks import networks, only_provider_errors, secrets_of
from shared.channels.adapters.registry import load
from shared.channels.adapters.tables import channel_connections as connections
from shared.channels.adapters.vault import unseal
from shared.channels.domain.media import Attachment, Content, MediaKind
from shared.channels.domain.provider import (
    Allowance,
    ErrorClass,
    Http,
    Pending,
    ProviderError,
    Publication,
    Receipt,
    Recovery,
    Refused,
    ReplyTo,
    Unanswered,
)
from shared.channels.domain.sealed import Sealed
from shared.infrastructure.database import among
from shared.infrastructure.encryption import Undecipherable

__all__ = [
    "Allowance",
    "Attachment",
    "Content",
    "Credentials",
    "ErrorClass",
    "Http",
    "MediaKind",
    "Pending",
    "ProviderError",
    "Publication",
    "Receipt",
    "Refused",
    "ReplyTo",
    "Unanswered",
    "credentials",
    "find",
    "networks",
    "publish",
    "recovery",
]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What speaking for a connection takes; `channel` is the slug of its network."""

    channel: str
    values: Mapping[str, str] = field(repr=False)


def credentials(session: Session, connection_ids: Collection[UUID]) -> dict[UUID, Credentials]:
    """Open the credentials of `connection_ids`.

    A connection that has none any more, or whose key is gone, is left out.
    """
    rows = session.execute(
        select(
            connections.c.id,
            connections.c.channel,
            connections.c.credentials,
            connections.c.credentials_key_id,
        ).where(among(connections.c.id, connection_ids), connections.c.credentials.is_not(None))
    )
    opened = {}
    for row in rows:
        sealed = Sealed(key_id=row.credentials_key_id, text=row.credentials)
        try:
            opened[row.id] = Credentials(channel=row.channel, values=unseal(row.id, sealed))
        except Undecipherable:
            # One lost key must not hold up the rest of a batch.
            logger.exception("credentials_undecipherable", extra={"connection_id": str(row.id)})
    return opened


async def publish(
    http: Http, credentials: Credentials, publication: Publication
) -> Receipt | Pending:
    """Publish now, or begin to.

    Raises:
        Refused, Unanswered: and nothing else, whatever the network answers.
    """
    provider = load(credentials.channel)
    with only_provider_errors(secrets_of(provider, credentials.values)):
        return await provider.publish(http, credentials.values, publication)


async def find(http: Http, credentials: Credentials, publication: Publication) -> Receipt | None:
    """Look whether an earlier attempt arrived; `None` is a promise that it did not.

    Raises:
        Refused, Unanswered: nobody knows yet.
    """
    provider = load(credentials.channel)
    with only_provider_errors(secrets_of(provider, credentials.values)):
        return await provider.find(http, credentials.values, publication)


def recovery(channel: str) -> Recovery:
    return load(channel).recovery
