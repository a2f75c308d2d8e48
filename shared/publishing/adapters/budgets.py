"""What connections may still publish.

It follows from their owners' policy, their networks' quotas and words, and what has left of late.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from shared.channels.api import catalogue
from shared.infrastructure.pipelining import UNAWAITED
from shared.kernel.ids import OrganizationId
from shared.publishing.application.ports import Connection
from shared.publishing.domain.budget import Allowance, Budget, Quota, Wait
from shared.publishing.domain.waiting import WaitingReason

_DAY = timedelta(hours=24)

# Answers of calls made together come in any order. Within one of the network's windows (its end
# is told to the second) what is left only sinks, so the least is the truth; else the newest is.
_OBSERVE = text("""
    INSERT INTO connection_budgets AS known
        (channel_connection_id, organization_id, observed_at, remaining, resets_at)
    SELECT * FROM unnest(
        CAST(:ids AS uuid[]), CAST(:organizations AS uuid[]), CAST(:observed AS timestamptz[]),
        CAST(:remaining AS int[]), CAST(:resets AS timestamptz[])
    ) AS said(id) ORDER BY id
    ON CONFLICT (channel_connection_id) DO UPDATE
    SET observed_at = excluded.observed_at, remaining = excluded.remaining,
        resets_at = excluded.resets_at
    WHERE CASE
        WHEN known.resets_at - excluded.resets_at BETWEEN interval '-2 s' AND interval '2 s'
        THEN (excluded.remaining, known.observed_at) < (known.remaining, excluded.observed_at)
        ELSE known.observed_at < excluded.observed_at END
""")

# An attempt that is known to have published nothing has used nothing up.
_SENT = "e.channel_connection_id = asked.id AND e.status IN ('started', 'success', 'unknown')"

# What waits for its budget is pending, so nothing that is claimed is among it.
_WAITING = """
    s.channel_connection_id = asked.id AND s.held_until > :now
    AND s.waiting_reason IN ('RATE_LIMIT', 'DAILY_CAP', 'MINIMUM_GAP')
"""

# Counted no further than to what would be too many. Whether something waits is asked as until
# when: the index has that at hand, while for a bare EXISTS the planner may read the whole table.
_COUNT = text(f"""
    SELECT asked.id, word.remaining, word.observed_at, word.resets_at,
        (SELECT count(*) FROM (
            SELECT FROM publish_events AS e
            WHERE {_SENT} AND e.started_at >= asked.since LIMIT asked.least
         ) AS counted) AS sent,
        (SELECT count(*) FROM (
            SELECT FROM publish_events AS e
            WHERE {_SENT} AND e.started_at >= word.observed_at LIMIT word.remaining
         ) AS counted) AS sent_since_word,
        CASE WHEN asked.has_gap THEN
            (SELECT max(e.started_at) FROM publish_events AS e WHERE {_SENT}) END AS last_sent_at,
        (SELECT count(*) FROM queued_claims AS claim
         JOIN schedules AS s ON s.id = claim.schedule_id AND s.status = 'queued'
         WHERE claim.channel_connection_id = asked.id
           AND claim.schedule_id <> ALL(CAST(:claimed AS uuid[]))) AS queued,
        (SELECT max(s.held_until) FROM schedules AS s WHERE {_WAITING}) AS planned_until
    FROM unnest(CAST(:ids AS uuid[]), CAST(:organizations AS uuid[]),
                CAST(:sinces AS timestamptz[]), CAST(:least AS bigint[]), CAST(:gaps AS boolean[])
         ) AS asked(id, organization_id, since, least, has_gap)
    LEFT JOIN connection_budgets AS word
      ON word.channel_connection_id = asked.id AND word.resets_at > :now
""")  # noqa: S608 no value is in it

_DETAILS = text(f"""
    SELECT asked.id, ARRAY(
        SELECT e.started_at FROM publish_events AS e
        WHERE {_SENT} AND e.started_at >= asked.since
        ORDER BY e.started_at DESC LIMIT asked.most
    ) AS instants, waiting.untils, waiting.reasons
    FROM unnest(CAST(:ids AS uuid[]), CAST(:sinces AS timestamptz[]), CAST(:most AS bigint[])
         ) AS asked(id, since, most)
    CROSS JOIN LATERAL (
        SELECT array_agg(s.held_until) AS untils, array_agg(s.waiting_reason) AS reasons
        FROM schedules AS s WHERE {_WAITING}
    ) AS waiting
""")  # noqa: S608 no value is in it


@dataclass(frozen=True, kw_only=True)
class _Bounds:
    """What bounds a connection by declaration; `since` is as far back as its quotas reach."""

    id: UUID
    organization_id: UUID
    quotas: Sequence[Quota]
    minimum_gap: timedelta
    since: datetime

    @property
    def limits(self) -> list[int]:
        return [quota.limit for quota in self.quotas]


class PostgresBudgets:
    def __init__(self, session: Session) -> None:
        self._session = session

    def observe(self, allowances: Mapping[UUID, tuple[OrganizationId, Allowance]]) -> None:
        if not allowances:
            return
        words = [allowance for _, allowance in allowances.values()]
        self._session.execute(
            _OBSERVE,
            {
                "ids": list(allowances),
                "organizations": [organization_id for organization_id, _ in allowances.values()],
                "observed": [word.observed_at for word in words],
                "remaining": [word.remaining for word in words],
                "resets": [word.resets_at for word in words],
            },
            execution_options=UNAWAITED,
        )

    def budgets(
        self,
        connections: Iterable[Connection],
        wanted: Mapping[UUID, int],
        *,
        claimed: Collection[UUID],
        now: datetime,
    ) -> Mapping[UUID, Budget]:
        bounds = {one.id: _bounds(one, now) for one in connections if one.id in wanted}
        if not bounds:
            return {}
        counted = self._session.execute(
            _COUNT,
            {
                "ids": list(bounds),
                "organizations": [one.organization_id for one in bounds.values()],
                "sinces": [one.since for one in bounds.values()],
                "least": [min(one.limits, default=0) for one in bounds.values()],
                "gaps": [bool(one.minimum_gap) for one in bounds.values()],
                "claimed": list(claimed),
                "now": now,
            },
        ).all()
        tight = {row.id: row for row in counted if _binds(bounds[row.id], row, wanted[row.id])}
        details = self._details([(bounds[id_], row) for id_, row in tight.items()], now)
        budgets = {}
        for row in counted:
            bound, in_flight = bounds[row.id], [now] * row.queued
            last = [row.last_sent_at] if row.last_sent_at else []
            instants, planned = details.get(row.id, ((), ()))
            budgets[row.id] = Budget(
                quotas=bound.quotas if row.id in tight else (),
                minimum_gap=bound.minimum_gap,
                allowance=_allowance(row) if row.id in tight else None,
                sent_at=[*(instants or last), *in_flight],
                planned=planned,
            )
        return budgets

    def _details(
        self, tight: Collection[tuple[_Bounds, Row[Any]]], now: datetime
    ) -> Mapping[UUID, tuple[Sequence[datetime], Sequence[Wait]]]:
        """When they have sent, and what waits for them."""
        if not tight:
            return {}
        rows = self._session.execute(
            _DETAILS,
            {
                "ids": [bound.id for bound, _ in tight],
                "sinces": [
                    min(bound.since, row.observed_at or bound.since) for bound, row in tight
                ],
                "most": [max([*bound.limits, row.remaining or 1]) for bound, row in tight],
                "now": now,
            },
        )
        return {row.id: (row.instants, tuple(_waits(row))) for row in rows}


def _bounds(connection: Connection, now: datetime) -> _Bounds:
    quotas = _quotas(connection)
    return _Bounds(
        id=connection.id,
        organization_id=connection.organization_id,
        quotas=quotas,
        minimum_gap=connection.minimum_gap,
        since=now - max((quota.period for quota in quotas), default=timedelta()),
    )


def _quotas(connection: Connection) -> list[Quota]:
    channel = catalogue.find(connection.channel)
    declared = channel.quotas if channel else ()
    cap = connection.daily_cap
    return [
        *(Quota(limit=q.limit, period=q.period, reason=WaitingReason.RATE_LIMIT) for q in declared),
        *([Quota(limit=cap, period=_DAY, reason=WaitingReason.DAILY_CAP)] if cap else []),
    ]


def _binds(bound: _Bounds, row: Row[Any], wanted: int) -> bool:
    """Whether so many more could reach a quota or the network's word, or have to queue."""
    if row.planned_until is not None:
        return True
    more = row.queued + wanted
    if row.remaining is not None and row.sent_since_word + more > row.remaining:
        return True
    return any(row.sent + more > limit for limit in bound.limits)


def _waits(row: Row[Any]) -> Iterator[Wait]:
    for until, reason in zip(row.untils or (), row.reasons or (), strict=True):
        yield Wait(until, WaitingReason(reason))


def _allowance(row: Row[Any]) -> Allowance | None:
    if row.remaining is None:
        return None
    return Allowance(remaining=row.remaining, observed_at=row.observed_at, resets_at=row.resets_at)
