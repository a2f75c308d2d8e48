"""Schedules over HTTP: plan, list, look, move, cancel."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from functions.dependencies import requires
from functions.envelopes import Data
from functions.idempotency import IdempotentRoute
from functions.publishing.schemas import (
    CancelSchedule,
    ListMeta,
    PublishEventOut,
    Reschedule,
    ScheduleDetailOut,
    ScheduledOut,
    ScheduleOut,
    SchedulesOut,
    ScheduleVariant,
    WarningOut,
)
from shared.infrastructure.broker import broker
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.errors import NotFound, RuleViolation
from shared.kernel.paging import Paging
from shared.publishing.adapters import queries
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import wake_scanner
from shared.publishing.application.cancel_schedule import cancel_schedule
from shared.publishing.application.delete_schedule import delete_schedule
from shared.publishing.application.reschedule import reschedule
from shared.publishing.application.schedule_variant import schedule_variant
from shared.publishing.domain.schedule import Status

router = APIRouter(prefix="/api/v1/schedules", tags=["schedules"], route_class=IdempotentRoute)

Reader = Annotated[Actor, requires("schedules:read")]
Writer = Annotated[Actor, requires("schedules:write")]


def _page(
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Paging:
    return Paging(limit=limit, offset=offset)


def _chosen(
    post_id: UUID | None = None,
    post_variant_id: UUID | None = None,
    channel_connection_id: UUID | None = None,
    status: Status | None = None,
) -> queries.ScheduleFilter:
    return queries.ScheduleFilter(
        post_id=post_id,
        post_variant_id=post_variant_id,
        channel_connection_id=channel_connection_id,
        status=status,
    )


def _wake() -> None:
    wake_scanner(broker())


@router.post("", status_code=201)
def create(body: ScheduleVariant, actor: Writer) -> ScheduledOut:
    schedule, warnings = schedule_variant(
        begin,
        _wake,
        utc_now,
        actor=actor,
        post_variant_id=body.post_variant_id,
        channel_connection_id=body.channel_connection_id,
        run_at=body.run_at,
        timezone=body.timezone,
    )
    return ScheduledOut(
        data=ScheduleOut.model_validate(schedule),
        warnings=[WarningOut.model_validate(warning) for warning in warnings],
    )


@router.get("")
def list_(
    actor: Reader,
    chosen: Annotated[queries.ScheduleFilter, Depends(_chosen)],
    paging: Annotated[Paging, Depends(_page)],
    run_at_from: Annotated[datetime | None, Query()] = None,
    run_at_to: Annotated[datetime | None, Query()] = None,
) -> SchedulesOut:
    chosen = chosen.within(run_at_from, run_at_to)
    page = queries.list_schedules(actor.organization_id, chosen, paging)
    meta = ListMeta(total=page.total, limit=paging.limit, offset=paging.offset)
    return SchedulesOut.of(page.items, meta)


@router.get("/calendar")
def calendar(
    actor: Reader,
    chosen: Annotated[queries.ScheduleFilter, Depends(_chosen)],
    from_date: Annotated[datetime | None, Query(description="Included")] = None,
    to_date: Annotated[datetime | None, Query(description="Not included")] = None,
) -> Data[list[ScheduleOut]]:
    if from_date is None or to_date is None:
        raise RuleViolation("MISSING_DATE_RANGE", "from_date and to_date are needed")
    rows = queries.calendar(actor.organization_id, chosen.within(from_date, to_date))
    return Data(data=[ScheduleOut.model_validate(row) for row in rows])


@router.get("/{schedule_id}")
def get(schedule_id: UUID, actor: Reader) -> Data[ScheduleDetailOut]:
    found = queries.schedule_with_events(schedule_id)
    if found is None:
        raise NotFound("SCHEDULE_NOT_FOUND", "There is no such schedule")
    schedule, events = found
    actor.demand_own(schedule.organization_id, "schedule")
    return Data(
        data=ScheduleDetailOut(
            schedule=ScheduleOut.model_validate(schedule),
            publish_events=[PublishEventOut.model_validate(event) for event in events],
        )
    )


@router.patch("/{schedule_id}")
def update(schedule_id: UUID, body: Reschedule, actor: Writer) -> Data[ScheduleOut]:
    schedule = reschedule(
        begin,
        _wake,
        utc_now,
        actor=actor,
        schedule_id=schedule_id,
        run_at=body.run_at,
        timezone=body.timezone,
    )
    return Data(data=ScheduleOut.model_validate(schedule))


@router.post("/{schedule_id}/cancel")
def cancel(
    schedule_id: UUID, actor: Writer, body: CancelSchedule | None = None
) -> Data[ScheduleOut]:
    schedule = cancel_schedule(
        begin,
        utc_now,
        actor=actor,
        schedule_id=schedule_id,
        reason=body.reason if body else None,
    )
    return Data(data=ScheduleOut.model_validate(schedule))


@router.delete("/{schedule_id}", status_code=204)
def delete(schedule_id: UUID, actor: Writer, *, permanent: bool = False) -> Response:
    """Cancel it; with `permanent` also take it off every list."""
    if permanent:
        delete_schedule(begin, utc_now, actor=actor, schedule_id=schedule_id)
    else:
        cancel_schedule(begin, utc_now, actor=actor, schedule_id=schedule_id, reason=None)
    return Response(status_code=204)


app = create_app("Schedules")
app.include_router(router)
handler = lambda_handler(app)
