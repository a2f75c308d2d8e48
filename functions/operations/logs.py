"""What has happened, and to whom, over HTTP: records of four tiers, and what they come to."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Query

from functions.dependencies import requires
from functions.operations.schemas.insight import (
    AskProof,
    AskStats,
    AskTimeline,
    AuditProofOut,
    RequestStatsOut,
    TimelineOut,
)
from functions.operations.schemas.records import (
    AuditEntryOut,
    BusinessEventOut,
    ListEntries,
    ListEvents,
    ListLogs,
    ListRequests,
    RecordsOut,
    RequestLogOut,
    SystemLogOut,
)
from functions.routing import Router
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.ids import OrganizationId
from shared.operations.adapters import timeline
from shared.operations.adapters.audit_chain import prove
from shared.operations.adapters.record_lists import page_of_records
from shared.operations.adapters.record_tables import (
    audit_logs,
    business_events,
    request_logs,
    system_logs,
)
from shared.operations.adapters.records_reach import within_sight
from shared.operations.adapters.request_stats import request_stats

router = Router(prefix="/api/v1", tags=["logs"])

Reader = Annotated[Actor, requires("logs:read")]
Auditor = Annotated[Actor, requires("audit:read")]


@router.get("/logs/requests")
def requests(actor: Reader, wanted: Annotated[ListRequests, Query()]) -> RecordsOut[RequestLogOut]:
    """Every request and how it was answered, refused ones too, the newest first."""
    page = page_of_records(
        request_logs, actor, wanted.wanted(), limit=wanted.limit, cursor=wanted.cursor
    )
    return RecordsOut[RequestLogOut].of(page, wanted)


@router.get("/logs/requests/stats")
def stats(actor: Reader, asked: Annotated[AskStats, Query()]) -> RequestStatsOut:
    """How long each path takes, and how often it fails."""
    begin, end = asked.range(utc_now())
    found = request_stats(actor, begin=begin, end=end, organization_id=asked.organization_id)
    return RequestStatsOut.of(found, begin, end)


@router.get("/logs/system")
def system(actor: Reader, wanted: Annotated[ListLogs, Query()]) -> RecordsOut[SystemLogOut]:
    """What was logged on the way, the newest first."""
    page = page_of_records(
        system_logs, actor, wanted.wanted(), limit=wanted.limit, cursor=wanted.cursor
    )
    shown = RecordsOut[SystemLogOut].of(page, wanted)
    if not actor.is_root:
        for log in shown.data:
            log.trace = None
    return shown


@router.get("/logs/events")
def events(actor: Reader, wanted: Annotated[ListEvents, Query()]) -> RecordsOut[BusinessEventOut]:
    """What has happened, the newest first."""
    page = page_of_records(
        business_events, actor, wanted.wanted(), limit=wanted.limit, cursor=wanted.cursor
    )
    return RecordsOut[BusinessEventOut].of(page, wanted)


@router.get("/logs/audit")
def audit(actor: Auditor, wanted: Annotated[ListEntries, Query()]) -> RecordsOut[AuditEntryOut]:
    """Who did what, from where, the newest first."""
    page = page_of_records(
        audit_logs, actor, wanted.wanted(), limit=wanted.limit, cursor=wanted.cursor
    )
    return RecordsOut[AuditEntryOut].of(page, wanted)


@router.get("/logs/timeline", responses=refuses(HTTPStatus.NOT_FOUND))
def show_timeline(actor: Reader, asked: Annotated[AskTimeline, Query()]) -> TimelineOut:
    """What happened to one post, or what one request led to, from its beginning.

    Entries of the audit log are among it for whoever may read that.
    """
    asked.demand_one()
    if asked.post_id is not None:
        found = timeline.of_post(actor, asked.post_id)
    else:
        assert asked.request_id is not None
        found = timeline.of_request(actor, asked.request_id)
    return TimelineOut.model_validate(found)


@router.get("/audit/verify")
def verify(actor: Auditor, asked: Annotated[AskProof, Query()]) -> AuditProofOut:
    """Prove the audit log: no entry was changed, added past its watch, or taken away since."""
    organization_id = asked.organization_id or actor.organization_id
    within_sight(audit_logs, actor, organization_id)
    return AuditProofOut.of(prove(OrganizationId(organization_id), asked.noted()))


app = create_app("Records")
app.include_router(router)
handler = lambda_handler(app)
