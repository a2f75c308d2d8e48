"""Give a series another rule, zone or start."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.own_series import own_series
from shared.publishing.application.plan_ahead import plan_again, wake_for
from shared.publishing.application.ports import Wake
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.application.withdraw import remove_untouched
from shared.publishing.domain.occurrences import demand_series, occurrences, on_clock
from shared.publishing.domain.recurrence import Recurrence
from shared.publishing.domain.recurrence_rule import parse_rule
from shared.publishing.domain.schedule import Schedule


def change_recurrence(
    begin: BeginSeries,
    wake: Wake,
    clock: Clock,
    *,
    actor: Actor,
    recurrence_id: UUID,
    rule: str | None,
    starts_at: datetime | None,
    timezone: str | None,
    horizon: timedelta,
) -> Recurrence:
    """Plan anew what nobody has touched; a new zone alone keeps the time on the author's clock.

    Raises:
        Conflict: `RECURRENCE_ENDED`.
        RuleViolation: the rule, the start, or a connection that does not fit.
    """
    now = clock()
    planned: Sequence[Schedule] = ()
    with begin() as work:
        series = own_series(work, actor, recurrence_id)
        zone = timezone or series.timezone
        local = series.starts_at if starts_at is None else on_clock(starts_at, zone)
        text = rule or series.rule
        series.change(rule=text, timezone=zone, starts_at=local, now=now)
        demand_series(text, starts_at=local, timezone=zone, now=now)
        if series.is_active:
            # The new ones first: they hold the variant, and who deletes one holds it before these.
            planned = plan_again(work, actor, series, now=now, horizon=horizon)
            moments = occurrences(parse_rule(text), starts_at=local, timezone=zone, after=now)
            still = set(takewhile((now + horizon).__ge__, moments))
            remove_untouched(
                work, series, but=still, reason="series changed", now=now, by=actor.user_id
            )
    wake_for(planned, wake, clock)
    return series
