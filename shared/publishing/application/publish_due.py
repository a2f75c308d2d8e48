"""Publish a batch of claims: a short transaction, the network, short transactions."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.publishing.application.ports import Begin, BeginDelivering, Deliver, Delivery, Networks
from shared.publishing.domain.attempt import Attempt, Claim, Conclusion, conclude
from shared.publishing.domain.outcome import Failure, Outcome, Rejected, Unsettled

RECORD_TRIES = 5
RECORD_PAUSE = 1.0


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
    with begin() as work:
        attempts = work.schedules.start(claims, now=clock(), lease=lease)
        contents = work.posts.live_variants([each.post_variant_id for each in attempts])
        secrets = work.credentials.open([each.channel_connection_id for each in attempts])
    deliveries, endings = [], []
    for attempt in attempts:
        content = contents.get(attempt.post_variant_id)
        secret = secrets.get(attempt.channel_connection_id)
        if attempt.is_one_too_many:
            endings.append((attempt, _given_up()))
        elif content is None or secret is None:
            endings.append((attempt, _no_ground(attempt, content)))
        else:
            deliveries.append(Delivery(attempt=attempt, content=content, secrets=secret))
    if endings:
        record(begin, clock, endings=endings)
    if deliveries:
        asyncio.run(_deliver_all(begin, networks, clock, deliveries))
    return len(attempts)


def record(begin: Begin, clock: Clock, *, endings: Sequence[tuple[Attempt, Outcome]]) -> None:
    """Write down a set of outcomes in one transaction."""
    now = clock()
    conclusions = [conclude(attempt, outcome, now=now) for attempt, outcome in endings]
    published = [each.attempt for each in conclusions if each.published]
    with begin() as work:
        work.schedules.record(conclusions)
        if published:
            work.posts.record_published([each.post_variant_id for each in published], at=now)
            work.connections.record_used([each.channel_connection_id for each in published], at=now)
        refused = _refused_credentials(conclusions)
        if refused:
            work.connections.record_refused(refused, at=now)
        work.posts.follow({each.attempt.post_id for each in conclusions}, now=now)


async def _deliver_all(
    begin: Begin,
    networks: Networks,
    clock: Clock,
    deliveries: Sequence[Delivery],
) -> None:
    """All calls at once; outcomes are recorded as they come in, a set at a time."""
    async with networks.connect() as deliver:
        waiting = {asyncio.create_task(_deliver(deliver, delivery)) for delivery in deliveries}
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            await _record(begin, clock, [task.result() for task in done])


async def _deliver(deliver: Deliver, delivery: Delivery) -> tuple[Attempt, Outcome]:
    return delivery.attempt, await deliver(delivery)


async def _record(begin: Begin, clock: Clock, endings: Sequence[tuple[Attempt, Outcome]]) -> None:
    """Record beside the loop, so that a slow database does not hold up the calls under way."""
    for tries_left in reversed(range(RECORD_TRIES)):
        try:
            await asyncio.to_thread(record, begin, clock, endings=endings)
        except Unavailable:
            if not tries_left:
                raise
            await asyncio.sleep(RECORD_PAUSE)
        else:
            return


def _given_up() -> Outcome:
    failure = Failure(
        error_class="unknown",
        code="TOO_MANY_ATTEMPTS",
        words="Every attempt ended before its outcome was known",
    )
    return Unsettled(failure=failure, recoverable=False)


def _no_ground(attempt: Attempt, content: str | None) -> Outcome:
    code = "POST_DELETED" if content is None else "CONNECTION_DISCONNECTED"
    failure = Failure(error_class="permission", code=code, words="Nothing was sent")
    if attempt.unsettled_since is None:
        return Rejected(failure=failure)
    return Unsettled(failure=failure, recoverable=False)


def _refused_credentials(conclusions: Sequence[Conclusion]) -> dict[UUID, str]:
    return {
        each.attempt.channel_connection_id: each.failure.words
        for each in conclusions
        if each.failure is not None
        and each.failure.error_class == "authentication"
        and each.event_status == "failed"
    }
