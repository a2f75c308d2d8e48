"""What other contexts may ask of operations; each runs in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shared.kernel.ids import OrganizationId, new_id
from shared.operations.adapters.tables import business_events


@dataclass(frozen=True, kw_only=True)
class BusinessEvent:
    """Something that has happened to `subject_id`; `actor_id` is nobody's where we did it."""

    name: str
    organization_id: OrganizationId
    subject_id: UUID
    actor_id: UUID | None
    occurred_at: datetime
    details: Mapping[str, Any]


def record_events(session: Session, events: Sequence[BusinessEvent]) -> None:
    """Write down what has happened, with whatever it has changed or not at all."""
    if events:
        session.execute(
            business_events.insert(),
            [
                {
                    "id": new_id(),
                    "organization_id": event.organization_id,
                    "name": event.name,
                    "subject_id": event.subject_id,
                    "actor_id": event.actor_id,
                    "occurred_at": event.occurred_at,
                    "details": dict(event.details),
                }
                for event in events
            ],
        )
