"""Which of the claimed schedules leave now, which wait, and for which there is no ground left."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.publishing.application.ports import Claimed, Connection, PublishingUnitOfWork
from shared.publishing.domain.budget import Budget, Go, Wait, plan
from shared.publishing.domain.skipping import Skip, SkipCode
from shared.publishing.domain.waiting import Hold, WaitingReason

RENEWAL = timedelta(seconds=15)
"""How soon to look again where credentials are being renewed."""
TOO_LATE_BY = timedelta(seconds=1)
"""How long after it has become too late to look at what waits for its account for the last time."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`leaving` in the order in which they were wanted."""

    leaving: Sequence[Claimed]
    holds: Mapping[UUID, Hold]
    skips: Mapping[UUID, Skip]


def judge_claims(work: PublishingUnitOfWork, claimed: Sequence[Claimed], now: datetime) -> Verdict:
    """Judge each by its ground, its account, then by the budget of the account.

    An open attempt always leaves: it may have been sent, and that must be found out.
    """
    fresh = [each for each in claimed if not each.is_open]
    connections = work.connections.connections({each.channel_connection_id for each in fresh})
    skips = _groundless(work, fresh, connections, now)
    holds: dict[UUID, Hold] = {}
    wanted: defaultdict[UUID, list[Claimed]] = defaultdict(list)
    for each in sorted(fresh, key=lambda one: (one.wanted_at, one.claim.schedule_id)):
        if each.claim.schedule_id in skips:
            continue
        hold = _hold(each, connections[each.channel_connection_id], max(now, each.wanted_at))
        if hold is None:
            wanted[each.channel_connection_id].append(each)
        else:
            holds[each.claim.schedule_id] = hold
    holds |= _over_budget(work, connections, wanted, claimed, now)
    return Verdict(
        leaving=[
            each
            for each in sorted(claimed, key=lambda one: one.wanted_at)
            if each.claim.schedule_id not in skips and each.claim.schedule_id not in holds
        ],
        holds=holds,
        skips=skips,
    )


def _groundless(
    work: PublishingUnitOfWork,
    fresh: Sequence[Claimed],
    connections: Mapping[UUID, Connection],
    now: datetime,
) -> dict[UUID, Skip]:
    if not fresh:
        return {}
    variants = work.posts.live({each.post_variant_id for each in fresh})
    owners = work.owners.active({each.created_by for each in fresh})
    skips = {}
    for each in fresh:
        connection = connections[each.channel_connection_id]
        if each.wanted_at < now - connection.lateness:
            is_refused = not connection.is_connected and not connection.is_disconnected
            code = SkipCode.CONNECTION_ERROR if is_refused else SkipCode.TOO_LATE
        elif each.post_variant_id not in variants:
            code = SkipCode.POST_DELETED
        elif connection.is_disconnected:
            code = SkipCode.CONNECTION_DISCONNECTED
        elif not connection.is_supported:
            code = SkipCode.CHANNEL_NOT_SUPPORTED
        elif each.created_by not in owners:
            code = SkipCode.OWNER_DISABLED
        else:
            continue
        skips[each.claim.schedule_id] = Skip.because(code, lateness=connection.lateness)
    return skips


def _hold(claimed: Claimed, connection: Connection, now: datetime) -> Hold | None:
    """What waits for its account is as late as it is; in the end it is too late."""
    if not connection.is_connected:
        until = claimed.wanted_at + connection.lateness + TOO_LATE_BY
        return Hold(until=until, reason=WaitingReason.CONNECTION_ERROR, is_plan=False)
    expires_at = connection.credentials_expire_at
    if expires_at is not None and expires_at <= now:
        reason = WaitingReason.CREDENTIALS_EXPIRED
        return Hold(until=now + RENEWAL, reason=reason, is_plan=False)
    return None


def _over_budget(
    work: PublishingUnitOfWork,
    connections: Mapping[UUID, Connection],
    wanted: Mapping[UUID, Sequence[Claimed]],
    claimed: Sequence[Claimed],
    now: datetime,
) -> dict[UUID, Hold]:
    budgets = work.budgets.budgets(
        connections.values(),
        {connection_id: len(asking) for connection_id, asking in wanted.items()},
        claimed=[each.claim.schedule_id for each in claimed],
        now=now,
    )
    return {
        each.claim.schedule_id: Hold(until=verdict.until, reason=verdict.reason, is_plan=True)
        for connection_id, budget in budgets.items()
        for each, verdict in _plan(budget, wanted[connection_id], now)
        if isinstance(verdict, Wait) and verdict.until > each.wanted_at
    }


def _plan(
    budget: Budget, asking: Sequence[Claimed], now: datetime
) -> Iterator[tuple[Claimed, Go | Wait]]:
    """What goes on with a thread goes first and keeps no gap: its delays are its author's.

    Then come those whose turn it was before, and last those that ask for the first time. What is
    claimed ahead asks as of the instant at which the first of them leaves.
    """
    now = max(now, asking[0].wanted_at)
    rest = budget
    if parts := [each for each in asking if each.part]:
        verdicts = plan(replace(budget, minimum_gap=timedelta(), planned=()), len(parts), now)
        yield from zip(parts, verdicts, strict=True)
        rest = replace(
            budget,
            sent_at=[*budget.sent_at, *(now for each in verdicts if isinstance(each, Go))],
            planned=[*budget.planned, *(each for each in verdicts if isinstance(each, Wait))],
        )
    known = [each for each in asking if not each.part and each.has_turn]
    new = [each for each in asking if not each.part and not each.has_turn]
    turns = [each.wanted_at for each in known]
    roots = [*known, *new]
    yield from zip(roots, plan(rest, len(roots), now, turns=turns), strict=True)
