"""Give the next occurrences of a series their schedules."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.fit import demand_fit, demand_promotable
from shared.publishing.application.placement import compose, place
from shared.publishing.application.ports import Connection, Variant, Wake
from shared.publishing.application.series_ports import SeriesUnitOfWork
from shared.publishing.domain.agenda import agenda
from shared.publishing.domain.recurrence import Recurrence
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.window import falls_into_window


def plan_ahead(
    work: SeriesUnitOfWork,
    series: Recurrence,
    variant: Variant,
    connection: Connection,
    *,
    now: datetime,
    horizon: timedelta,
    by: UUID | None,
) -> Sequence[Schedule]:
    """Plan what is not planned yet, and end a series of which nothing is to come.

    The series is locked and the variant fits the connection; the post must follow. Answers the new
    schedules.
    """
    known = work.recurrences.known(series.id, after=now)
    wanted = agenda(series, known, now=now, horizon=horizon)
    series.planned_until = wanted.planned_until
    if wanted.planned_until is None:
        series.end(now=now)
    schedules = [
        each
        for instant in wanted.missing
        for each in compose(
            variant,
            connection,
            created_by=series.created_by,
            run_at=instant,
            timezone=series.timezone,
            now=now,
            horizon=horizon,
            recurrence_id=series.id,
        )
    ]
    if schedules:
        place(work, schedules, variant=variant, by=by, now=now)
    return schedules


def plan_again(
    work: SeriesUnitOfWork,
    actor: Actor,
    series: Recurrence,
    *,
    now: datetime,
    horizon: timedelta,
) -> Sequence[Schedule]:
    """Plan a series that is there already, if what it needs still is.

    Raises:
        NotFound: the variant is gone.
        PermissionDenied: see `demand_promotable`.
        RuleViolation: it does not fit the connection any more.
    """
    variant = actor.in_organization(work.posts.variant(series.post_variant_id), "variant")
    connection = actor.in_organization(
        work.connections.connection(series.channel_connection_id), "connection"
    )
    demand_promotable(actor, variant)
    demand_fit(variant, connection)
    return plan_ahead(work, series, variant, connection, now=now, horizon=horizon, by=actor.user_id)


def wake_for(planned: Sequence[Schedule], wake: Wake, clock: Clock) -> None:
    """Call the scanner if it should know of one of these before its timer tells it to look."""
    if any(falls_into_window(each.run_at, now=clock()) for each in planned):
        wake()
