"""Tell of what has happened, in the transaction in which it did."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.infrastructure.pipelining import UNAWAITED
from shared.kernel.ids import OrganizationId, new_id

# One statement for any number: the engine tells of hundreds at a time.
_RECORD = text("""
    INSERT INTO business_events (id, organization_id, name, subject_id, actor_id, occurred_at,
                                 details)
    SELECT * FROM unnest(
        CAST(:ids AS uuid[]), CAST(:organizations AS uuid[]), CAST(:names AS text[]),
        CAST(:subjects AS uuid[]), CAST(:actors AS uuid[]), CAST(:instants AS timestamptz[]),
        CAST(:details AS jsonb[])
    )
""")


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
            _RECORD,
            {
                "ids": [new_id() for _ in events],
                "organizations": [event.organization_id for event in events],
                "names": [str(event.name) for event in events],
                "subjects": [event.subject_id for event in events],
                "actors": [event.actor_id for event in events],
                "instants": [event.occurred_at for event in events],
                "details": [json.dumps(dict(event.details)) for event in events],
            },
            execution_options=UNAWAITED,
        )


_ABOUT = text("""
    SELECT name, occurred_at, subject_id, actor_id, details FROM business_events
     WHERE actor_id = :person OR subject_id = :person
     ORDER BY occurred_at DESC LIMIT :limit
""")
_FORGET = text("""
    UPDATE business_events SET details = details - CAST(:telling AS text[])
     WHERE (actor_id = :person OR subject_id = :person) AND details ?| CAST(:telling AS text[])
""")
_TELLING = ["address", "email", "attempted_email", "name", "user_agent", "device"]
"""What of an event's details tells who somebody is; that it has happened does not."""


def events_about(session: Session, person_id: UUID, *, limit: int) -> Sequence[Mapping[str, Any]]:
    """What they did and what happened to them, the latest first."""
    rows = session.execute(_ABOUT, {"person": person_id, "limit": limit})
    return [dict(row) for row in rows.mappings()]


def forget_names(session: Session, person_id: UUID) -> None:
    """What has happened stays, with ids; no name and no address of the person stays with it."""
    session.execute(_FORGET, {"person": person_id, "telling": _TELLING})
