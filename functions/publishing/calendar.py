"""The calendar over HTTP: see what is planned with all it names, and drag it to other moments."""

from dataclasses import replace
from typing import Annotated

from fastapi import Query

from functions.dependencies import requires
from functions.elsewhere import judged_each
from functions.envelopes import Data
from functions.publishing.schemas.joined import CalendarOut
from functions.publishing.schemas.moving import MovedOut, MoveSchedules
from functions.publishing.schemas.requests import ShowCalendar
from functions.routing import Router
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.errors import RuleViolation
from shared.operations.api.flags import BULK_OPERATIONS, demand_enabled
from shared.publishing.adapters import queries
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import wake_scanner
from shared.publishing.adapters.settings import PublishingSettings
from shared.publishing.application.reschedule_many import reschedule_many
from shared.publishing.domain.calendar_range import CalendarRange

router = Router(prefix="/api/v1/schedules", tags=["schedules"])

Reader = Annotated[Actor, requires("schedules:read")]
Writer = Annotated[Actor, requires("schedules:write")]


@router.get("/calendar")
def calendar(actor: Reader, wanted: Annotated[ShowCalendar, Query()]) -> CalendarOut:
    """What is planned between two days or moments at most 92 days apart, the first thousand of it.

    Each with its post, variant and connection, as far as the caller may see those.
    """
    if wanted.from_date is None or wanted.to_date is None:
        raise RuleViolation("MISSING_DATE_RANGE", "from_date and to_date are needed")
    timezone = wanted.timezone or actor.timezone
    between = CalendarRange.between(wanted.from_date, wanted.to_date, timezone=timezone)
    chosen = queries.ScheduleFilter(
        **wanted.model_dump(exclude={"from_date", "to_date", "timezone"}),
        run_at_from=between.start,
        run_at_to=between.end,
    )
    shown, is_truncated = queries.calendar(actor, chosen)
    return CalendarOut.of(shown, between, timezone=timezone, is_truncated=is_truncated)


@router.post("/bulk-reschedule")
def reschedule_all(body: MoveSchedules, actor: Writer) -> Data[MovedOut]:
    """Move up to 500 schedules, each judged for itself: to a moment each, or all by the same time.

    While the flag `schedules.bulk_operations` is off: 403 `FEATURE_DISABLED`.
    """
    demand_enabled(BULK_OPERATIONS, actor.organization_id)
    rescheduled = reschedule_many(
        begin,
        wake_scanner,
        utc_now,
        actor=actor,
        moves=body.by_id(),
        horizon=PublishingSettings.read().horizon,
        all_or_none=body.atomic,
    )
    told = replace(rescheduled, refused=judged_each(rescheduled.refused))
    return Data(data=MovedOut.of(body.asked(), told))


app = create_app("Calendar")
app.include_router(router)
handler = lambda_handler(app)
