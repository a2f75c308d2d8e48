"""Tell of what has happened, in the transaction in which it did.

It becomes an event, and where it proves what somebody did, an entry of the audit log with its id.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.infrastructure import records
from shared.infrastructure.logging import request_id
from shared.infrastructure.pipelining import send_unawaited
from shared.infrastructure.redaction import redacted_fields
from shared.kernel.happenings import Happened
from shared.kernel.ids import new_ids
from shared.operations.domain.audit import without_names
from shared.operations.domain.catalogue import KINDS

_COLUMNS = """id, kept, organization_id, name, subject_id, post_id, actor_id, request_id,
    occurred_at, details"""
_TOLD = """jsonb_to_recordset(%(told)s::jsonb) AS told(
    id uuid, kept text, organization_id uuid, name text, subject_id uuid, post_id uuid,
    actor_id uuid, request_id text, occurred_at timestamptz, details jsonb, audited text,
    entry jsonb)"""

# One statement for any number: the engine tells of hundreds at a time.
_RECORD = f"INSERT INTO business_events ({_COLUMNS}) SELECT {_COLUMNS} FROM {_TOLD}"  # noqa: S608 of ours
_RECORD_AND_PROVE = f"""
    WITH told AS MATERIALIZED (SELECT * FROM {_TOLD}), entries AS (
        INSERT INTO audit_logs (id, organization_id, actor_id, action, resource_type, resource_id,
                                address, user_agent, details, occurred_at, recorded_at, request_id)
        SELECT id, organization_id, actor_id, name, audited, subject_id, %(address)s::text,
               %(user_agent)s::text, entry, occurred_at, clock_timestamp(), request_id
        FROM told WHERE audited IS NOT NULL
    )
    INSERT INTO business_events ({_COLUMNS}) SELECT {_COLUMNS} FROM told
"""  # noqa: S608 of ours


class RecordedHappenings:
    """Whatever happens in a unit of work, told with what it has changed or not at all."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, *happened: Happened) -> None:
        if not happened:
            return
        bound = request_id.get() or None
        ids = new_ids(len(happened))
        told = [_row(each, one, bound) for each, one in zip(happened, ids, strict=True)]
        statement, named = _RECORD, dict[str, Any](told=json.dumps(told))
        if any("audited" in row for row in told):
            running = records.current.get()
            statement = _RECORD_AND_PROVE
            named["address"] = running and running.address
            named["user_agent"] = running and running.user_agent
        send_unawaited(self._session.connection(), statement, named)


def _row(happened: Happened, event_id: UUID, bound: str | None) -> dict[str, Any]:
    kind = KINDS[happened.what]
    details = redacted_fields(happened.details)
    row = {
        "id": event_id.hex,
        "kept": kind.kept,
        "organization_id": happened.organization_id.hex,
        "name": happened.what,
        "subject_id": happened.subject_id.hex,
        "post_id": happened.post_id and happened.post_id.hex,
        "actor_id": happened.actor_id and happened.actor_id.hex,
        "request_id": happened.request_id or bound,
        "occurred_at": happened.at.isoformat(),
        "details": details,
    }
    if kind.is_audited:
        row |= {"audited": kind.subject, "entry": without_names(details)}
    return row


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
