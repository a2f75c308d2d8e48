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
