"""Series over HTTP: plan, preview, look, change, let rest, end."""

from http import HTTPStatus
from itertools import islice
from typing import Annotated
from uuid import UUID

from fastapi import Query

from functions.dependencies import requires
from functions.envelopes import Data, Listed
from functions.idempotency import IdempotentRoute
from functions.publishing.schemas.recurrences import (
    ChangeRecurrence,
    CreateRecurrence,
    ListRecurrences,
    PreviewOut,
    PreviewRecurrence,
    RecurrenceOut,
)
from functions.routing import Router
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging
from shared.publishing.adapters import series_queries as queries
from shared.publishing.adapters.rabbitmq import wake_scanner
from shared.publishing.adapters.series import begin_series
from shared.publishing.adapters.settings import PublishingSettings
from shared.publishing.application.change_recurrence import change_recurrence
from shared.publishing.application.create_recurrence import create_recurrence
from shared.publishing.application.delete_recurrence import delete_recurrence
from shared.publishing.application.end_recurrence import end_recurrence
from shared.publishing.application.pause_recurrence import pause_recurrence
from shared.publishing.application.resume_recurrence import resume_recurrence
from shared.publishing.domain.occurrences import demand_series, occurrences, on_clock

router = Router(prefix="/api/v1/recurrences", tags=["recurrences"], route_class=IdempotentRoute)

Reader = Annotated[Actor, requires("schedules:read")]
Writer = Annotated[Actor, requires("schedules:write")]


def _show(actor: Actor, recurrence_id: UUID) -> Data[RecurrenceOut]:
    found = queries.series(actor, recurrence_id)
    return Data(data=RecurrenceOut.of(found))


@router.post("", status_code=201, responses=refuses(HTTPStatus.NOT_FOUND))
def create(body: CreateRecurrence, actor: Writer) -> Data[RecurrenceOut]:
    """Have a variant sent on a connection again and again."""
    series = create_recurrence(
        begin_series,
        wake_scanner,
        utc_now,
        actor=actor,
        post_variant_id=body.post_variant_id,
        channel_connection_id=body.channel_connection_id,
        rule=body.rule,
        starts_at=body.starts_at,
        timezone=body.timezone,
        horizon=PublishingSettings.read().horizon,
    )
    return _show(actor, series.id)


@router.post("/preview")
def preview(body: PreviewRecurrence, actor: Reader) -> Data[PreviewOut]:
    """When a rule would fire from now on; nothing is kept."""
    timezone, now = body.timezone or actor.timezone, utc_now()
    starts_at = on_clock(body.starts_at, timezone)
    rule = demand_series(body.rule, starts_at=starts_at, timezone=timezone, now=now)
    moments = occurrences(rule, starts_at=starts_at, timezone=timezone, after=now)
    return Data(data=PreviewOut.of(islice(moments, body.count), timezone))


@router.get("")
def list_(actor: Reader, wanted: Annotated[ListRecurrences, Query()]) -> Listed[RecurrenceOut]:
    """The organization's series, the newest first."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    chosen = queries.SeriesFilter(**wanted.model_dump(exclude={"limit", "offset"}))
    page = queries.list_series(actor, chosen, paging)
    return Listed[RecurrenceOut].of(RecurrenceOut.page(page), paging)


@router.get("/{recurrence_id}")
def get(recurrence_id: UUID, actor: Reader) -> Data[RecurrenceOut]:
    """One series, with the occurrences planned."""
    return _show(actor, recurrence_id)


@router.patch("/{recurrence_id}", responses=refuses(HTTPStatus.CONFLICT))
def update(recurrence_id: UUID, body: ChangeRecurrence, actor: Writer) -> Data[RecurrenceOut]:
    """Change rule, start or zone; what is planned follows, but for what somebody has moved."""
    change_recurrence(
        begin_series,
        wake_scanner,
        utc_now,
        actor=actor,
        recurrence_id=recurrence_id,
        rule=body.rule,
        starts_at=body.starts_at,
        timezone=body.timezone,
        horizon=PublishingSettings.read().horizon,
    )
    return _show(actor, recurrence_id)


@router.post("/{recurrence_id}/pause", responses=refuses(HTTPStatus.CONFLICT))
def pause(recurrence_id: UUID, actor: Writer) -> Data[RecurrenceOut]:
    """Let nothing more of it leave, but for what somebody has moved."""
    pause_recurrence(begin_series, utc_now, actor=actor, recurrence_id=recurrence_id)
    return _show(actor, recurrence_id)


@router.post("/{recurrence_id}/resume", responses=refuses(HTTPStatus.CONFLICT))
def resume(recurrence_id: UUID, actor: Writer) -> Data[RecurrenceOut]:
    """Go on from now; what was missed meanwhile is not made up for."""
    resume_recurrence(
        begin_series,
        wake_scanner,
        utc_now,
        actor=actor,
        recurrence_id=recurrence_id,
        horizon=PublishingSettings.read().horizon,
    )
    return _show(actor, recurrence_id)


@router.post("/{recurrence_id}/end")
def end(recurrence_id: UUID, actor: Writer) -> Data[RecurrenceOut]:
    """End it for good, and cancel what is to come, but for what somebody has moved."""
    end_recurrence(begin_series, utc_now, actor=actor, recurrence_id=recurrence_id)
    return _show(actor, recurrence_id)


@router.delete("/{recurrence_id}", status_code=204)
def delete(recurrence_id: UUID, actor: Writer) -> None:
    """End it and take it off every list; its schedules stay on theirs."""
    delete_recurrence(begin_series, utc_now, actor=actor, recurrence_id=recurrence_id)


app = create_app("Recurrences")
app.include_router(router)
handler = lambda_handler(app)
