"""Tell of what has happened, in the transaction in which it did.

It becomes an event, and where it proves what somebody did, an entry of the audit log with its id.
"""

import json
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.infrastructure import records
from shared.infrastructure.logging import request_id
from shared.infrastructure.pipelining import UNAWAITED
from shared.infrastructure.redaction import redacted_fields
from shared.kernel.happenings import Happened
from shared.kernel.ids import new_id
from shared.operations.domain.audit import without_names
from shared.operations.domain.catalogue import KINDS

# One statement for any number: the engine tells of hundreds at a time.
_RECORD = text("""
    INSERT INTO business_events (id, kept, organization_id, name, subject_id, post_id, actor_id,
                                 request_id, occurred_at, details)
    SELECT * FROM unnest(
        CAST(:ids AS uuid[]), CAST(:kept AS text[]), CAST(:organizations AS uuid[]),
        CAST(:names AS text[]), CAST(:subjects AS uuid[]), CAST(:posts AS uuid[]),
        CAST(:actors AS uuid[]), CAST(:requests AS text[]), CAST(:instants AS timestamptz[]),
        CAST(:details AS jsonb[])
    )
""")
_AUDIT = text("""
    INSERT INTO audit_logs (id, organization_id, actor_id, action, resource_type, resource_id,
                            address, user_agent, details, occurred_at, recorded_at, request_id)
    SELECT told.id, told.organization_id, told.actor_id, told.action, told.subject,
           told.subject_id, :address, :user_agent, told.details, told.occurred_at,
           clock_timestamp(), told.request_id
    FROM unnest(
        CAST(:ids AS uuid[]), CAST(:organizations AS uuid[]), CAST(:names AS text[]),
        CAST(:kinds AS text[]), CAST(:subjects AS uuid[]), CAST(:actors AS uuid[]),
        CAST(:requests AS text[]), CAST(:instants AS timestamptz[]), CAST(:details AS jsonb[])
    ) AS told(id, organization_id, action, subject, subject_id, actor_id, request_id, occurred_at,
              details)
""")


class RecordedHappenings:
    """Whatever happens in a unit of work, told with what it has changed or not at all."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, *happened: Happened) -> None:
        if not happened:
            return
        bound = request_id.get() or None
        told = [_Told(each, bound) for each in happened]
        self._session.execute(
            _RECORD,
            {
                **_columns(told),
                "kept": [KINDS[each.happened.what].kept.value for each in told],
                "posts": [each.happened.post_id for each in told],
            },
            execution_options=UNAWAITED,
        )
        audited = [each for each in told if KINDS[each.happened.what].is_audited]
        if audited:
            running = records.current.get()
            self._session.execute(
                _AUDIT,
                {
                    **_columns(audited),
                    "details": [each.details_of_entry for each in audited],
                    "kinds": [KINDS[each.happened.what].subject for each in audited],
                    "address": running and running.address,
                    "user_agent": running and running.user_agent,
                },
                execution_options=UNAWAITED,
            )


class _Told:
    """What has happened, as it is written down."""

    def __init__(self, happened: Happened, bound: str | None) -> None:
        self.happened = happened
        self.id = new_id()
        self.request_id = happened.request_id or bound
        self._details = redacted_fields(happened.details)

    @property
    def details(self) -> str:
        return json.dumps(self._details)

    @property
    def details_of_entry(self) -> str:
        return json.dumps(without_names(self._details))


def _columns(told: Sequence[_Told]) -> dict[str, object]:
    return {
        "ids": [each.id for each in told],
        "organizations": [each.happened.organization_id for each in told],
        "names": [each.happened.what.value for each in told],
        "subjects": [each.happened.subject_id for each in told],
        "actors": [each.happened.actor_id for each in told],
        "requests": [each.request_id for each in told],
        "instants": [each.happened.at for each in told],
        "details": [each.details for each in told],
    }
