"""Claim what is due, or is about to be, and hand it to the publishers."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.kernel.happenings import Happened, Happening
from shared.publishing.application.judge_claims import Verdict, judge_claims
from shared.publishing.application.ports import (
    Begin,
    Claimed,
    DueQueue,
    PublishingUnitOfWork,
    Skipped,
)
from shared.publishing.domain.waiting import WaitingReason

BATCH = 1000
SHARE = 1000
"""How many claims of one organization may wait in the queues, so that no other's wait long."""


def queue_due(begin: Begin, queue: DueQueue, clock: Clock, *, lease: timedelta) -> int:
    """Claim one batch, commit, then send; answers how many were claimed.

    The table is the outbox: what is lost between the commit and the queue costs one lease.

    Raises:
        Unavailable: the broker is down, before anything was claimed or with the claims released.
    """
    queue.connect()
    now = clock()
    with begin() as work:
        claimed = work.schedules.claim_due(now=now, lease=lease, limit=BATCH, share=SHARE)
        leaving = _sort_out(work, claimed, now) if claimed else []
    if leaving:
        _send(begin, queue, clock, leaving)
    return len(claimed)


def _sort_out(
    work: PublishingUnitOfWork, claimed: Sequence[Claimed], now: datetime
) -> Sequence[Claimed]:
    """Answers those that leave now; the others are skipped or held, and all of it is told."""
    verdict = judge_claims(work, claimed, now)
    skipped: Sequence[Skipped] = ()
    if verdict.skips:
        skipped = work.schedules.skip(verdict.skips, now=now)
    if verdict.holds:
        work.schedules.hold(verdict.holds, now=now)
    posts = {each.post_id for each in claimed} | {each.post_id for each in skipped}
    work.posts.follow(posts, now=now)
    _want_renewals(work, claimed, verdict, now)
    work.happenings.record(*_happened(claimed, verdict, skipped, now))
    return verdict.leaving


def _want_renewals(
    work: PublishingUnitOfWork, claimed: Sequence[Claimed], verdict: Verdict, now: datetime
) -> None:
    expired = {
        each.channel_connection_id: now
        for each in claimed
        if (hold := verdict.holds.get(each.claim.schedule_id))
        and hold.reason is WaitingReason.CREDENTIALS_EXPIRED
    }
    if expired:
        work.connections.want_renewal(expired, at=now)


def _happened(
    claimed: Sequence[Claimed], verdict: Verdict, skipped: Sequence[Skipped], now: datetime
) -> Iterator[Happened]:
    for each in verdict.leaving:
        if not each.is_open:
            yield Happened(
                what=Happening.SCHEDULE_QUEUED,
                subject_id=each.claim.schedule_id,
                organization_id=each.organization_id,
                post_id=each.post_id,
                request_id=each.request_id,
                at=now,
            )
    for each in claimed:
        hold = verdict.holds.get(each.claim.schedule_id)
        if hold is not None and hold.reason != each.waited_for:
            yield Happened(
                what=Happening.SCHEDULE_WAITING,
                subject_id=each.claim.schedule_id,
                organization_id=each.organization_id,
                post_id=each.post_id,
                request_id=each.request_id,
                at=now,
                details={"reason": hold.reason, "until": hold.until},
            )
    for one in skipped:
        yield Happened(
            what=Happening.SCHEDULE_SKIPPED,
            subject_id=one.schedule_id,
            organization_id=one.organization_id,
            post_id=one.post_id,
            request_id=one.request_id,
            at=now,
            details={"reason": one.reason},
        )


def _send(begin: Begin, queue: DueQueue, clock: Clock, claimed: Sequence[Claimed]) -> None:
    """Hand over; what the broker did take before it failed is stale by the next claim."""
    try:
        queue.send(claimed)
    except Unavailable:
        with begin() as work:
            work.schedules.release([each.claim for each in claimed], now=clock())
        raise
