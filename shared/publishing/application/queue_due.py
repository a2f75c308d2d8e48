"""Claim what is due and hand it to the publishers."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.publishing.application.ports import (
    Begin,
    Claimed,
    DueQueue,
    PublishingUnitOfWork,
)
from shared.publishing.domain.attempt import Claim
from shared.publishing.domain.schedule import LATENESS

BATCH = 500


def queue_due(begin: Begin, queue: DueQueue, clock: Clock, *, lease: timedelta) -> int:
    """Claim one batch, commit, then send; answers how many were claimed.

    The table is the outbox: what is lost between the commit and the queue costs one lease.

    Raises:
        Unavailable: the broker is down, before anything was claimed or with the claims released.
    """
    queue.connect()
    now = clock()
    with begin() as work:
        claimed = work.schedules.claim_due(now=now, lease=lease, limit=BATCH)
        groundless = _groundless(work, claimed, now)
        if groundless:
            work.schedules.skip(groundless, now=now)
        if claimed:
            work.posts.follow({each.post_id for each in claimed}, now=now)
    claims = _without(claimed, groundless)
    if claims:
        _send(begin, queue, clock, claims)
    return len(claimed)


def _send(begin: Begin, queue: DueQueue, clock: Clock, claims: Sequence[Claim]) -> None:
    """Hand over; what the broker did take before it failed is stale by the next claim."""
    try:
        queue.send(claims)
    except Unavailable:
        with begin() as work:
            work.schedules.release(claims, now=clock())
        raise


def _groundless(
    work: PublishingUnitOfWork, claimed: Sequence[Claimed], now: datetime
) -> dict[UUID, str]:
    """What must not be sent, and why.

    An open attempt is never skipped: it may have been sent, and that must be found out.
    """
    fresh = [each for each in claimed if not each.is_open]
    if not fresh:
        return {}
    variants = work.posts.live_variants([each.post_variant_id for each in fresh])
    connections = work.connections.connected([each.channel_connection_id for each in fresh])
    owners = work.owners.active({each.created_by for each in fresh})
    reasons = {}
    for each in fresh:
        if each.wanted_at < now - LATENESS:
            reasons[each.claim.schedule_id] = "TOO_LATE"
        elif each.post_variant_id not in variants:
            reasons[each.claim.schedule_id] = "POST_DELETED"
        elif each.channel_connection_id not in connections:
            reasons[each.claim.schedule_id] = "CONNECTION_DISCONNECTED"
        elif each.created_by not in owners:
            reasons[each.claim.schedule_id] = "OWNER_DISABLED"
    return reasons


def _without(claimed: Sequence[Claimed], skipped: Collection[UUID]) -> list[Claim]:
    return [each.claim for each in claimed if each.claim.schedule_id not in skipped]
