"""Which occurrences of a series should have a schedule by now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.publishing.domain.occurrences import occurrences
from shared.publishing.domain.recurrence import Recurrence
from shared.publishing.domain.recurrence_rule import parse_rule

AHEAD = timedelta(days=14)
"""How far a series is planned; where nothing comes so soon, the next occurrence is."""
MOST = 50
"""How many of its occurrences are to come at any time."""


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """`missing` are to be planned; then all is planned until `planned_until`.

    That is `None` for a series of which nothing is to come.
    """

    missing: Sequence[datetime]
    planned_until: datetime | None


def agenda(
    series: Recurrence, known: Mapping[datetime, bool], *, now: datetime, horizon: timedelta
) -> Agenda:
    """Look from now on, never back: what was missed while nobody planned is not made up for.

    `known` tells of each occurrence that was ever planned whether it is still to come; those that
    are not were taken out one by one, and stay out. Nothing is planned beyond the horizon.
    """
    missing: list[datetime] = []
    ahead = min(AHEAD, horizon)
    coming, last = 0, None
    for instant in occurrences(
        parse_rule(series.rule), starts_at=series.starts_at, timezone=series.timezone, after=now
    ):
        if coming == MOST:
            break
        if instant > now + (ahead if coming else horizon):
            return Agenda(missing=missing, planned_until=now + ahead)
        if instant not in known:
            missing.append(instant)
        coming += known.get(instant, True)
        last = instant
    return Agenda(missing=missing, planned_until=last)
