"""Schedules over HTTP: plan, list, look, move, cancel, settle, try again."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from functions.dependencies import requires
from functions.elsewhere import judged_each
from functions.envelopes import Data, Listed
from functions.idempotency import IdempotentRoute
from functions.publishing.schemas.joined import JoinedScheduleOut
from functions.publishing.schemas.requests import (
    CancelSchedule,
    CancelSchedules,
    ListSchedules,
    Reschedule,
    ScheduleVariant,
)
from functions.publishing.schemas.resolving import ResolveSchedule
from functions.publishing.schemas.schedules import (
    CancelledOut,
    ScheduleDetailOut,
    ScheduledOut,
    ScheduleOut,
)
from functions.routing import Router
from functions.versions import IfMatch, versioned
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Page
from shared.operations.api.flags import BULK_OPERATIONS, demand_enabled
from shared.publishing.adapters import queries
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import wake_scanner
from shared.publishing.adapters.settings import PublishingSettings
from shared.publishing.application.cancel_schedule import cancel_schedule
from shared.publishing.application.cancel_schedules import cancel_schedules
from shared.publishing.application.delete_schedule import delete_schedule
from shared.publishing.application.reschedule import reschedule
from shared.publishing.application.resolve_schedule import resolve_schedule
from shared.publishing.application.retry_schedule import retry_schedule
from shared.publishing.application.schedule_variant import schedule_variant

router = Router(prefix="/api/v1/schedules", tags=["schedules"], route_class=IdempotentRoute)

Reader = Annotated[Actor, requires("schedules:read")]
Writer = Annotated[Actor, requires("schedules:write")]


@router.post("", status_code=201, responses=refuses(HTTPStatus.NOT_FOUND))
def create(body: ScheduleVariant, actor: Writer, response: Response) -> ScheduledOut:
    """Have a variant, with its thread, sent on a connection at a moment."""
    scheduled = schedule_variant(
        begin,
        wake_scanner,
        utc_now,
        actor=actor,
        post_variant_id=body.post_variant_id,
        channel_connection_id=body.channel_connection_id,
        run_at=body.run_at,
        timezone=body.timezone,
        horizon=PublishingSettings.read().horizon,
    )
    return versioned(response, ScheduledOut.of(scheduled))


@router.get("", response_model_exclude_unset=True)
def list_(actor: Reader, wanted: Annotated[ListSchedules, Query()]) -> Listed[JoinedScheduleOut]:
    """The organization's schedules, the next to leave first."""
    paging = wanted.paging
    elsewhere = {"limit", "offset", "page", "include"}
    chosen = queries.ScheduleFilter(**wanted.model_dump(exclude=elsewhere))
    page = queries.list_schedules(actor, chosen, paging, include=wanted.include)
    shown = [JoinedScheduleOut.of(each, wanted.include) for each in page.items]
    return Listed[JoinedScheduleOut].of(Page(items=shown, total=page.total), paging)


@router.post("/bulk-cancel")
def cancel_many(body: CancelSchedules, actor: Writer) -> Data[CancelledOut]:
    """Take up to 500 schedules back before they are sent, each judged for itself.

    While the flag `schedules.bulk_operations` is off: 403 `FEATURE_DISABLED`.
    """
    demand_enabled(BULK_OPERATIONS, actor.organization_id)
    asked = body.by_id()
    refused = cancel_schedules(
        begin,
        utc_now,
        actor=actor,
        schedule_ids=[key for key in asked if isinstance(key, UUID)],
        reason=body.reason,
    )
    return Data(data=CancelledOut.of(asked, judged_each(refused)))


@router.get("/{schedule_id}")
def get(schedule_id: UUID, actor: Reader, response: Response) -> Data[ScheduleDetailOut]:
    """One schedule, with the ledger of its attempts; `ETag` names its version."""
    return versioned(response, _detail(schedule_id, actor))


@router.patch(
    "/{schedule_id}", responses=refuses(HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
)
def update(
    schedule_id: UUID, body: Reschedule, actor: Writer, response: Response, expected: IfMatch
) -> Data[ScheduleOut]:
    """Move a schedule that is pending, failed or skipped; what follows in a thread moves along."""
    moved = reschedule(
        begin,
        wake_scanner,
        utc_now,
        actor=actor,
        schedule_id=schedule_id,
        run_at=body.run_at,
        timezone=body.timezone,
        horizon=PublishingSettings.read().horizon,
        expected=expected,
    )
    return versioned(response, Data[ScheduleOut].of(moved))


@router.post("/{schedule_id}/cancel", responses=refuses(HTTPStatus.CONFLICT))
def cancel(
    schedule_id: UUID, body: CancelSchedule | None = None, *, actor: Writer, response: Response
) -> Data[ScheduleOut]:
    """Take a schedule back before it is sent, and with it what follows in its thread.

    From half a second before its moment on it may already be on its way, and is refused then.
    """
    schedule = cancel_schedule(
        begin,
        utc_now,
        actor=actor,
        schedule_id=schedule_id,
        reason=body.reason if body else None,
    )
    return versioned(response, Data[ScheduleOut].of(schedule))


@router.post("/{schedule_id}/resolve", responses=refuses(HTTPStatus.CONFLICT))
def resolve(
    schedule_id: UUID, body: ResolveSchedule, actor: Writer, response: Response
) -> Data[ScheduleDetailOut]:
    """Say how it ended, where nobody but a person can find out."""
    resolve_schedule(
        begin, wake_scanner, utc_now, actor=actor, schedule_id=schedule_id, url=body.url
    )
    return versioned(response, _detail(schedule_id, actor))


@router.post("/{schedule_id}/retry", responses=refuses(HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT))
def retry(schedule_id: UUID, actor: Writer, response: Response) -> Data[ScheduleOut]:
    """Try what has failed or was skipped again at once, with a full set of attempts."""
    schedule = retry_schedule(begin, wake_scanner, utc_now, actor=actor, schedule_id=schedule_id)
    return versioned(response, Data[ScheduleOut].of(schedule))


@router.delete("/{schedule_id}", status_code=204, responses=refuses(HTTPStatus.CONFLICT))
def delete(schedule_id: UUID, actor: Writer, *, permanent: bool = False) -> None:
    """Cancel it, as above; with `permanent` take it and all its thread off every list."""
    if permanent:
        delete_schedule(begin, utc_now, actor=actor, schedule_id=schedule_id)
    else:
        cancel_schedule(begin, utc_now, actor=actor, schedule_id=schedule_id, reason=None)


def _detail(schedule_id: UUID, actor: Actor) -> Data[ScheduleDetailOut]:
    schedule, events = queries.schedule_with_events(actor, schedule_id)
    return Data(data=ScheduleDetailOut.of(schedule, events))


app = create_app("Schedules")
app.include_router(router)
handler = lambda_handler(app)
