"""Who did what, for whoever has to prove it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.kernel.ids import OrganizationId
from shared.operations.domain.outbox import OutboxMessage

_ADDRESS_LENGTH = 45  # an IPv6 address that holds an IPv4 one
_USER_AGENT_LENGTH = 255
_COLUMNS = {"user_id", "address", "user_agent", "occurred_at"}

NAMES = frozenset({"name", "name_before", "email", "attempted_email", "device", "address"})
"""What of details tells who somebody is. An entry is never changed, so it holds ids instead; its
event may hold names, for those can be taken out of that when a person asks for it."""


def without_names(details: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry keeps of them."""
    return {name: value for name, value in details.items() if name not in NAMES}


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """`id` is the message's that asked for it, so that none is written twice."""

    id: UUID
    organization_id: OrganizationId
    actor_id: UUID | None
    action: str
    resource_type: str
    resource_id: UUID
    address: str | None
    user_agent: str | None
    details: Mapping[str, Any]
    occurred_at: datetime


def signed_up(message: OutboxMessage) -> AuditEntry:
    """The entry of a sign-up; what has no column of its own goes into the details.

    Raises:
        ValueError: the message does not say who signed up, or not when.
    """
    body = message.body
    try:
        user_id = UUID(body["user_id"])
        occurred_at = datetime.fromisoformat(body["occurred_at"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no user_id or no occurred_at") from error
    if occurred_at.tzinfo is None:
        raise ValueError("occurred_at has no time zone")
    return AuditEntry(
        id=message.id,
        organization_id=message.organization_id,
        actor_id=user_id,
        action="USER_SIGNED_UP",
        resource_type="user",
        resource_id=user_id,
        address=_text(body.get("address"), _ADDRESS_LENGTH),
        user_agent=_text(body.get("user_agent"), _USER_AGENT_LENGTH),
        details=without_names(
            {name: value for name, value in body.items() if name not in _COLUMNS}
        ),
        occurred_at=occurred_at,
    )


def _text(value: object, length: int) -> str | None:
    """Without NUL, which no column takes."""
    return str(value).replace("\0", "")[:length] if value else None
