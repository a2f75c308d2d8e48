"""What must hold when everything has settled: nothing lost, nothing twice, nothing sent blindly."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.channels.api.delivery import recovery
from shared.content.domain.post_status import PostStatus, status_after
from shared.infrastructure.database import engine
from tests.faults.plain_network import Call

_SCHEDULES = """
    SELECT s.id, s.status, s.channel, s.post_id, s.part, s.error_code, s.action_required,
           s.attempt_count, s.attempts_allowed, s.started_token, s.waiting_reason,
           s.fencing_token, s.deleted_at,
           coalesce(s.root_schedule_id, s.id) AS root_id,
           CASE s.part WHEN 0 THEN v.content
                       ELSE v.thread -> (s.part - 1) ->> 'content' END AS words
    FROM schedules AS s JOIN post_variants AS v ON v.id = s.post_variant_id
    ORDER BY s.id
"""

_EVENTS = """
    SELECT schedule_id, attempt, fencing_token, status, external_post_id, error_code
    FROM publish_events ORDER BY schedule_id, attempt
"""

SETTLED = frozenset({"success", "failed", "unknown", "skipped", "cancelled"})


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Rows of the database by schedule; the networks' receipts and calls by a part's words."""

    schedules: Sequence[Any]
    events: Mapping[UUID, Sequence[Any]]
    posts: Sequence[Any]
    told: Mapping[UUID, Counter[str]]
    receipts: Mapping[str, Sequence[str]]
    calls: Mapping[str, Sequence[Call]]
    cancelled: frozenset[UUID]


def gather(
    receipts: Sequence[Mapping[str, Any]], calls: Sequence[Call], cancelled: set[UUID]
) -> Evidence:
    events: defaultdict[UUID, list[Any]] = defaultdict(list)
    told: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    ids: defaultdict[str, list[str]] = defaultdict(list)
    made: defaultdict[str, list[Call]] = defaultdict(list)
    with engine().connect() as connection:
        schedules = connection.execute(text(_SCHEDULES)).all()
        posts = connection.execute(text("SELECT id, status FROM posts")).all()
        for event in connection.execute(text(_EVENTS)):
            events[event.schedule_id].append(event)
        for row in connection.execute(text("SELECT subject_id, name FROM business_events")):
            told[row.subject_id][row.name] += 1
    for receipt in receipts:
        ids[receipt["text"]].append(receipt["id"])
    for call in calls:
        made[call.text].append(call)
        if call.fate == "accepted":
            ids[call.text].append(call.id)
    return Evidence(
        schedules=schedules,
        events=events,
        posts=posts,
        told=told,
        receipts=ids,
        calls=made,
        cancelled=frozenset(cancelled),
    )


def stuck() -> list[str]:
    """The schedules that are still to settle; what follows a part that did not leave waits."""
    with engine().connect() as connection:
        schedules = connection.execute(text(_SCHEDULES)).all()
    return [
        f"{each.id} is {each.status} after {each.attempt_count} attempts ({each.channel})"
        for each in schedules
        if each.status not in SETTLED and not _waits_for_ever(each, schedules)
    ]


def _waits_for_ever(part: Any, schedules: Sequence[Any]) -> bool:
    """A part of a thread, when one before it has settled and is not there."""
    return part.waiting_reason == "PREVIOUS_PART" and any(
        each.root_id == part.root_id
        and each.part < part.part
        and each.status in SETTLED - {"success"}
        for each in schedules
    )


def violations(found: Evidence) -> Iterator[str]:
    """Each broken promise in a sentence."""
    for schedule in found.schedules:
        for problem in _of_schedule(schedule, found):
            yield f"{schedule.channel} {schedule.id} ({schedule.words!r}): {problem}"
    yield from _of_posts(found)


def _of_schedule(schedule: Any, found: Evidence) -> Iterator[str]:
    receipts, events = found.receipts.get(schedule.words, ()), found.events.get(schedule.id, ())
    can_recover = recovery(schedule.channel) != "none"
    if len(receipts) > 1:
        yield f"sent {len(receipts)} times"
    if receipts and schedule.status in {"failed", "skipped", "cancelled", "pending"}:
        yield f"arrived, and is {schedule.status} ({schedule.error_code})"
    match schedule.status:
        case "success" if not receipts:
            yield "said to be published, and never arrived"
        case "failed" | "skipped" if schedule.error_code is None:
            yield f"{schedule.status} for no reason"
        case "unknown" if can_recover and schedule.attempt_count <= schedule.attempts_allowed:
            yield "unknown, though somebody could have looked"
        case "unknown" if schedule.action_required != "confirm":
            yield "unknown, and nobody is asked"
    if schedule.id in found.cancelled and schedule.status != "cancelled":
        yield f"cancelled by a person, and is {schedule.status}"
    if not can_recover:
        yield from _of_what_cannot_be_found(schedule, events, found.calls.get(schedule.words, ()))
    yield from _of_ledger(schedule, events, receipts)
    yield from _of_happenings(schedule, found.told.get(schedule.id, Counter()))


def _of_what_cannot_be_found(
    schedule: Any, events: Sequence[Any], calls: Sequence[Call]
) -> Iterator[str]:
    doubtful = [each for each in calls if each.fate != "refused"]
    if len(doubtful) > 1:
        yield f"sent blindly again: {[each.fate for each in calls]}"
    if any(each.status == "unknown" for each in events) and schedule.status not in {
        "unknown",
        "success",
    }:
        yield f"nobody knows whether it arrived, and it is {schedule.status}"


def _of_ledger(schedule: Any, events: Sequence[Any], receipts: Sequence[str]) -> Iterator[str]:
    if [each.attempt for each in events] != list(range(1, schedule.attempt_count + 1)):
        yield f"attempts {[each.attempt for each in events]} of {schedule.attempt_count}"
    tokens = [each.fencing_token for each in events]
    if tokens != sorted(set(tokens)):
        yield f"tokens {tokens} do not rise"
    if schedule.status in SETTLED and any(each.status == "started" for each in events):
        yield "an attempt of it is still open"
    published = {each.external_post_id for each in events if each.status == "success"}
    if (schedule.status == "success") != bool(published):
        yield f"{schedule.status}, and the ledger's successes are {published}"
    if not published <= set(receipts):
        yield f"the ledger has {published}, the network {receipts}"


def _of_happenings(schedule: Any, told: Counter[str]) -> Iterator[str]:
    if (schedule.status == "success") != bool(told["SCHEDULE_PUBLISHED"]):
        yield f"{schedule.status}, and it was told {dict(told)}"
    if schedule.attempt_count != told["SCHEDULE_PUBLISHING"]:
        yield f"{schedule.attempt_count} attempts, and it was told {dict(told)}"


def _of_posts(found: Evidence) -> Iterator[str]:
    statuses: defaultdict[UUID, list[str]] = defaultdict(list)
    for schedule in found.schedules:
        if schedule.waiting_reason != "PREVIOUS_PART" and schedule.deleted_at is None:
            statuses[schedule.post_id].append(schedule.status)
    for post in found.posts:
        words = statuses[post.id]
        expected = status_after(PostStatus.DRAFT, words, was_published=False)
        if post.status != expected:
            yield f"post {post.id} is {post.status}, and its schedules are {words}"
