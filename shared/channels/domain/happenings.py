"""What happens to accounts and applications, told to whoever wants to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from shared.channels.domain.connection import Connection
from shared.kernel.ids import OrganizationId


class Happening(StrEnum):
    CHANNEL_CONNECTED = "CHANNEL_CONNECTED"
    CHANNEL_DISCONNECTED = "CHANNEL_DISCONNECTED"
    CHANNEL_TOKEN_REFRESHED = "CHANNEL_TOKEN_REFRESHED"  # noqa: S105 a word, and no secret
    CHANNEL_ERROR = "CHANNEL_ERROR"
    CHANNEL_APPLICATION_SET = "CHANNEL_APPLICATION_SET"
    CHANNEL_APPLICATION_REMOVED = "CHANNEL_APPLICATION_REMOVED"


@dataclass(frozen=True, kw_only=True)
class Happened:
    """`subject_id` is the connection or the application, `actor_id` the person who did it.

    It is nobody's where a network did it, or we ourselves.
    """

    what: Happening
    organization_id: OrganizationId
    subject_id: UUID
    actor_id: UUID | None
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def to(cls, connection: Connection, what: Happening, *, by: UUID | None, at: datetime) -> Self:
        return cls(
            what=what,
            organization_id=connection.organization_id,
            subject_id=connection.id,
            actor_id=by,
            at=at,
            details={"channel": connection.channel},
        )
