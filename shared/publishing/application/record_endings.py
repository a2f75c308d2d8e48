"""Write down how attempts ended, and whatever follows from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening
from shared.kernel.ids import OrganizationId
from shared.publishing.application.ports import Begin, Wake
from shared.publishing.domain.attempt import Conclusion, Ending, conclude
from shared.publishing.domain.budget import Allowance
from shared.publishing.domain.outcome import CREDENTIALS_EXPIRED
from shared.publishing.domain.schedule import Status
from shared.publishing.domain.window import falls_into_window


def record_endings(begin: Begin, clock: Clock, wake: Wake, *, endings: Sequence[Ending]) -> None:
    """Record a set of endings in one transaction."""
    now = clock()
    conclusions = [conclude(ending, now=now) for ending in endings]
    published = [each.attempt for each in conclusions if each.published]
    allowances = _last_words(endings)
    with begin() as work:
        changed = work.schedules.record(conclusions)
        if published:
            work.posts.record_published([each.post_variant_id for each in published], at=now)
        work.posts.follow({each.attempt.post_id for each in conclusions}, now=now)
        work.happenings.record(
            *[
                _happened(each)
                for each in conclusions
                if each.attempt.schedule_id in changed and each.event_status != "pending"
            ]
        )
        if allowances:
            work.budgets.observe(allowances)
        if published:
            work.connections.record_used([each.channel_connection_id for each in published], at=now)
        refused = _refused(conclusions)
        if refused:
            work.connections.record_refused(refused, at=now)
        expired = {
            each.attempt.channel_connection_id: each.attempt.read_at
            for each in conclusions
            if each.failure is not None and each.failure.code == CREDENTIALS_EXPIRED
        }
        if expired:
            work.connections.want_renewal(expired, at=now)
    coming = [
        *changed.values(),
        *(each.looked_at_again for each in conclusions if each.event_status == "pending"),
    ]
    if any(moment and falls_into_window(moment, now=clock()) for moment in coming):
        wake()


def _last_words(endings: Sequence[Ending]) -> dict[UUID, tuple[OrganizationId, Allowance]]:
    """Of each connection the network's newest word; of two at once, the lesser."""
    said = [(each.attempt, each.allowance) for each in endings if each.allowance is not None]
    said.sort(key=lambda one: (one[1].observed_at, -one[1].remaining))
    return {
        attempt.channel_connection_id: (attempt.organization_id, allowance)
        for attempt, allowance in said
    }


def _refused(conclusions: Sequence[Conclusion]) -> dict[UUID, tuple[str, datetime]]:
    """The connections whose credentials the network does not take any more, with its words."""
    return {
        each.attempt.channel_connection_id: (each.failure.words, each.attempt.read_at)
        for each in conclusions
        if each.failure is not None
        and each.failure.error_class == "authentication"
        and each.event_status == "failed"
    }


def _happened(conclusion: Conclusion) -> Happened:
    what = {
        Status.SUCCESS: Happening.SCHEDULE_PUBLISHED,
        Status.FAILED: Happening.SCHEDULE_FAILED,
        Status.PENDING: Happening.SCHEDULE_FAILED,
    }.get(conclusion.schedule_status, Happening.SCHEDULE_OUTCOME_UNKNOWN)
    return Happened(
        what=what,
        subject_id=conclusion.attempt.schedule_id,
        organization_id=conclusion.attempt.organization_id,
        post_id=conclusion.attempt.post_id,
        request_id=conclusion.attempt.request_id,
        at=conclusion.finished_at,
        details=_details(conclusion),
    )


def _details(conclusion: Conclusion) -> dict[str, Any]:
    attempt = conclusion.attempt
    details: dict[str, Any] = {"attempt": attempt.number, "channel": attempt.channel}
    if conclusion.published is not None:
        return {
            **details,
            "external_post_id": conclusion.published.external_id,
            "external_url": conclusion.published.url,
        }
    if conclusion.failure is not None:
        details |= {
            "error_class": conclusion.failure.error_class,
            "error_code": conclusion.failure.code,
            "will_retry": conclusion.schedule_status is Status.PENDING,
        }
    return details
