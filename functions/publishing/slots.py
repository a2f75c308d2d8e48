"""Posting slots over HTTP: say when, look what comes, add to the queue."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from functions.dependencies import requires
from functions.envelopes import Data
from functions.idempotency import IdempotentRoute
from functions.publishing.schemas.schedules import ScheduledOut
from functions.publishing.schemas.slots import (
    AddSlot,
    ComingSlotOut,
    PreviewSlots,
    QueueVariant,
    ReplaceSlots,
    SlotOut,
)
from functions.routing import Router
from functions.versions import versioned
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.publishing.adapters import series_queries as queries
from shared.publishing.adapters.rabbitmq import wake_scanner
from shared.publishing.adapters.series import begin_series
from shared.publishing.adapters.settings import PublishingSettings
from shared.publishing.application.add_slot import add_slot
from shared.publishing.application.coming_slots import next_slot, preview_slots
from shared.publishing.application.queue_variant import queue_variant
from shared.publishing.application.remove_slot import remove_slot
from shared.publishing.application.replace_slots import replace_slots

router = Router(prefix="/api/v1/slots", tags=["slots"], route_class=IdempotentRoute)

Reader = Annotated[Actor, requires("schedules:read")]
Writer = Annotated[Actor, requires("schedules:write")]


@router.post("", status_code=201, responses=refuses(HTTPStatus.NOT_FOUND))
def create(body: AddSlot, actor: Writer) -> Data[SlotOut]:
    """Give a connection one more weekly posting time."""
    slot = add_slot(
        begin_series,
        utc_now,
        actor=actor,
        channel_connection_id=body.channel_connection_id,
        when=body.when(actor.timezone),
    )
    return Data[SlotOut].of(slot)


@router.put("", responses=refuses(HTTPStatus.NOT_FOUND))
def replace(body: ReplaceSlots, actor: Writer) -> Data[list[SlotOut]]:
    """Leave a connection these slots and no others; what is scheduled stays."""
    slots = replace_slots(
        begin_series,
        utc_now,
        actor=actor,
        channel_connection_id=body.channel_connection_id,
        wanted=[each.when(actor.timezone) for each in body.slots],
    )
    return Data[list[SlotOut]].of(slots)


@router.get("")
def list_(actor: Reader, channel_connection_id: UUID | None = None) -> Data[list[SlotOut]]:
    """The slots of a connection, or of all the organization's, from Monday on."""
    return Data[list[SlotOut]].of(queries.slots(actor, channel_connection_id))


@router.get("/next", responses=refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT))
def find_next(actor: Reader, channel_connection_id: UUID) -> Data[ComingSlotOut]:
    """The next free slot, for whoever is first."""
    coming = next_slot(
        begin_series,
        utc_now,
        actor=actor,
        channel_connection_id=channel_connection_id,
        horizon=PublishingSettings.read().horizon,
    )
    return Data(data=ComingSlotOut.of(coming))


@router.get("/preview", responses=refuses(HTTPStatus.NOT_FOUND))
def preview(actor: Reader, wanted: Annotated[PreviewSlots, Query()]) -> Data[list[ComingSlotOut]]:
    """The slots that come, each free or taken."""
    coming = preview_slots(
        begin_series,
        utc_now,
        actor=actor,
        channel_connection_id=wanted.channel_connection_id,
        count=wanted.count,
        horizon=PublishingSettings.read().horizon,
    )
    return Data(data=[ComingSlotOut.of(each) for each in coming])


@router.post(
    "/queue", status_code=201, responses=refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
)
def queue(body: QueueVariant, actor: Writer, response: Response) -> ScheduledOut:
    """Have a variant sent at the next free slot."""
    scheduled = queue_variant(
        begin_series,
        wake_scanner,
        utc_now,
        actor=actor,
        post_variant_id=body.post_variant_id,
        channel_connection_id=body.channel_connection_id,
        horizon=PublishingSettings.read().horizon,
    )
    return versioned(response, ScheduledOut.of(scheduled))


@router.delete("/{slot_id}", status_code=204)
def delete(slot_id: UUID, actor: Writer) -> None:
    """Take a slot away; what is scheduled there stays."""
    remove_slot(begin_series, actor=actor, slot_id=slot_id)


app = create_app("Posting slots")
app.include_router(router)
handler = lambda_handler(app)
