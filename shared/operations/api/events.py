"""Tell of what has happened, in the transaction in which it did.

It becomes an event, and where it proves what somebody did, an entry of the audit log with its id.
"""

import json

from sqlalchemy.orm import Session

from shared.infrastructure import records
from shared.infrastructure.logging import request_id
from shared.infrastructure.pipelining import send_unawaited
from shared.infrastructure.redaction import redacted_fields
from shared.kernel.happenings import Happened
from shared.kernel.ids import new_id
from shared.operations.domain.audit import without_names
from shared.operations.domain.catalogue import KINDS

# One statement for any number: the engine tells of hundreds at a time. What is audited is among it.
_RECORD = """
    WITH told AS MATERIALIZED (
        SELECT * FROM unnest(
            %(ids)s::uuid[], %(kept)s::text[], %(organizations)s::uuid[], %(names)s::text[],
            %(subjects)s::uuid[], %(posts)s::uuid[], %(actors)s::uuid[], %(requests)s::text[],
            %(instants)s::timestamptz[], %(details)s::jsonb[], %(audited)s::text[],
            %(entries)s::jsonb[]
        ) AS told(id, kept, organization_id, name, subject_id, post_id, actor_id, request_id,
                  occurred_at, details, audited, entry)
    ), entries AS (
        INSERT INTO audit_logs (id, organization_id, actor_id, action, resource_type, resource_id,
                                address, user_agent, details, occurred_at, recorded_at, request_id)
        SELECT id, organization_id, actor_id, name, audited, subject_id, %(address)s::text,
               %(user_agent)s::text, entry, occurred_at, clock_timestamp(), request_id
        FROM told WHERE audited IS NOT NULL
    )
    INSERT INTO business_events (id, kept, organization_id, name, subject_id, post_id, actor_id,
                                 request_id, occurred_at, details)
    SELECT id, kept, organization_id, name, subject_id, post_id, actor_id, request_id, occurred_at,
           details
    FROM told
"""


class RecordedHappenings:
    """Whatever happens in a unit of work, told with what it has changed or not at all."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, *happened: Happened) -> None:
        if not happened:
            return
        bound = request_id.get() or None
        kinds = [KINDS[each.what] for each in happened]
        details = [redacted_fields(each.details) for each in happened]
        running = records.current.get() if any(kind.is_audited for kind in kinds) else None
        send_unawaited(
            self._session.connection(),
            _RECORD,
            {
                "ids": [new_id() for _ in happened],
                "kept": [kind.kept.value for kind in kinds],
                "organizations": [each.organization_id for each in happened],
                "names": [each.what.value for each in happened],
                "subjects": [each.subject_id for each in happened],
                "posts": [each.post_id for each in happened],
                "actors": [each.actor_id for each in happened],
                "requests": [each.request_id or bound for each in happened],
                "instants": [each.at for each in happened],
                "details": [json.dumps(each) for each in details],
                "audited": [kind.subject if kind.is_audited else None for kind in kinds],
                "entries": [
                    json.dumps(without_names(each)) if kind.is_audited else None
                    for each, kind in zip(details, kinds, strict=True)
                ],
                "address": running and running.address,
                "user_agent": running and running.user_agent,
            },
        )
