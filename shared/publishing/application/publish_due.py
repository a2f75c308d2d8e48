"""Publish a batch of claims: a short transaction, the network, short transactions."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.publishing.application.ports import (
    Begin,
    BeginDelivering,
    DeliveringUnitOfWork,
    Delivery,
    Networks,
)
from shared.publishing.domain.attempt import Attempt, Claim, Conclusion, Ending, conclude
from shared.publishing.domain.outcome import Failure, Rejected, Unsettled
from shared.publishing.domain.schedule import LATENESS

logger = logging.getLogger(__name__)

RECORD_TRIES = 5
RECORD_PAUSE = 1.0

TWIN = timedelta(minutes=10)
"""How long before an attempt another may have begun and still be found in its stead."""


def publish_due(
    begin: BeginDelivering,
    networks: Networks,
    clock: Clock,
    *,
    claims: Collection[Claim],
    lease: timedelta,
) -> int:
    """Start, deliver and record; answers how many attempts were made.

    A stale or repeated claim starts nothing. Should recording fail to the end, the leases lapse
    and the next attempts look before they send.

    Raises:
        Unavailable: the database is down.
    """
    now = clock()
    with begin() as work:
        attempts = work.schedules.start(claims, now=now, lease=lease)
        ground = _ground(work, attempts, now)
    prepared = [ground.prepare(attempt) for attempt in attempts]
    deliveries = [each for each in prepared if isinstance(each, Delivery)]
    endings = [each for each in prepared if isinstance(each, Ending)]
    if prepared:
        asyncio.run(_carry_out(begin, networks, clock, deliveries, endings))
    return len(attempts)


def record(begin: Begin, clock: Clock, *, endings: Sequence[Ending]) -> None:
    """Write down a set of endings in one transaction."""
    now = clock()
    conclusions = [conclude(ending, now=now) for ending in endings]
    published = [each.attempt for each in conclusions if each.published]
    with begin() as work:
        work.schedules.record(conclusions)
        if published:
            work.posts.record_published([each.post_variant_id for each in published], at=now)
        work.posts.follow({each.attempt.post_id for each in conclusions}, now=now)
        if published:
            work.connections.record_used([each.channel_connection_id for each in published], at=now)
        refused = _refused_credentials(conclusions)
        if refused:
            work.connections.record_refused(refused, at=now)


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What a batch of attempts stands on, as it is at its start."""

    now: datetime
    contents: Mapping[UUID, str]
    secrets: Mapping[UUID, object]
    owners: Collection[UUID]
    taken: Mapping[UUID, frozenset[str]]

    def prepare(self, attempt: Attempt) -> Delivery | Ending:
        """What can be delivered, or has ended before it began.

        Only an attempt that may have had a forerunner looks for it; all others send or end.
        """
        content = self.contents.get(attempt.post_variant_id)
        secrets = self.secrets.get(attempt.channel_connection_id)
        if attempt.is_hopeless:
            return _ended(attempt, "TOO_MANY_ATTEMPTS")
        if content is None:
            return _ended(attempt, "POST_DELETED")
        if secrets is None:
            return _ended(attempt, "CONNECTION_DISCONNECTED")
        must_not_send = self._why_not_to_send(attempt)
        if must_not_send and attempt.unsettled_since is None:
            return _ended(attempt, must_not_send)
        return Delivery(
            attempt=attempt,
            content=content,
            must_not_send=must_not_send,
            taken=self.taken.get(attempt.channel_connection_id, frozenset()),
            secrets=secrets,
        )

    def _why_not_to_send(self, attempt: Attempt) -> str | None:
        if attempt.only_looks:
            return "TOO_MANY_ATTEMPTS"
        if attempt.created_by not in self.owners:
            return "OWNER_DISABLED"
        if attempt.wanted_at < self.now - LATENESS:
            return "TOO_LATE"
        return None


def _ground(work: DeliveringUnitOfWork, attempts: Sequence[Attempt], now: datetime) -> _Ground:
    """Ids that were given are asked for only where something will be looked for."""
    connections = [each.channel_connection_id for each in attempts]
    unsettled = [each.unsettled_since for each in attempts if each.unsettled_since is not None]
    return _Ground(
        now=now,
        contents=work.posts.live_variants([each.post_variant_id for each in attempts]),
        secrets=work.credentials.open(connections),
        owners=work.owners.active({each.created_by for each in attempts}),
        taken=work.schedules.ids_given(connections, since=min(unsettled) - TWIN)
        if unsettled
        else {},
    )


def _ended(attempt: Attempt, code: str) -> Ending:
    failure = Failure(error_class="permission", code=code, words="Nothing was sent")
    if attempt.unsettled_since is None:
        return Ending(attempt=attempt, outcome=Rejected(failure=failure))
    return Ending(attempt=attempt, outcome=Unsettled(failure=failure, recoverable=False))


async def _carry_out(
    begin: Begin,
    networks: Networks,
    clock: Clock,
    deliveries: Sequence[Delivery],
    endings: Sequence[Ending],
) -> None:
    """All calls at once; endings are recorded as they come in, a set at a time."""
    async with networks.connect() as deliver:
        waiting = {asyncio.ensure_future(deliver(each)) for each in deliveries}
        try:
            if endings:
                await _record(begin, clock, endings)
            while waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                await _record(begin, clock, [task.result() for task in done])
        finally:
            if waiting:
                # Their answers cannot be recorded; to cut them off would only hide them longer.
                await asyncio.wait(waiting)


async def _record(begin: Begin, clock: Clock, endings: Sequence[Ending]) -> None:
    """Record beside the loop, so that a slow database does not hold up the calls under way.

    An ending that cannot be recorded must not take the others with it.
    """
    for tries_left in reversed(range(RECORD_TRIES)):
        try:
            await asyncio.to_thread(record, begin, clock, endings=endings)
        except Unavailable:
            if not tries_left:
                raise
            await asyncio.sleep(RECORD_PAUSE)
        except Exception:
            logger.exception("ending_not_recorded", extra={"endings": len(endings)})
            if len(endings) > 1:
                for each in endings:
                    await _record(begin, clock, [each])
            return
        else:
            return


def _refused_credentials(conclusions: Sequence[Conclusion]) -> dict[UUID, str]:
    return {
        each.attempt.channel_connection_id: each.failure.words
        for each in conclusions
        if each.failure is not None
        and each.failure.error_class == "authentication"
        and each.event_status == "failed"
    }
