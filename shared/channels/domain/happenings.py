"""What happens to accounts and applications, told to whoever wants to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.kernel.ids import OrganizationId


class Happening(StrEnum):
    CHANNEL_CONNECTED = "CHANNEL_CONNECTED"
    CHANNEL_DISCONNECTED = "CHANNEL_DISCONNECTED"
    CHANNEL_APPLICATION_SET = "CHANNEL_APPLICATION_SET"
    CHANNEL_APPLICATION_REMOVED = "CHANNEL_APPLICATION_REMOVED"


@dataclass(frozen=True, kw_only=True)
class Happened:
    """`subject_id` is the connection or the application, `actor_id` the person who did it."""

    what: Happening
    organization_id: OrganizationId
    subject_id: UUID
    actor_id: UUID
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)
