"""What a post's status says, and how it follows from the statuses of the post's schedules."""

from collections.abc import Collection
from enum import StrEnum

from shared.kernel.errors import Conflict


class PostStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


_LEAVING = frozenset({"queued", "processing"})
_TO_BE_SENT = _LEAVING | {"pending"}
_MISSED = frozenset({"failed", "unknown", "skipped"})


def demand_out_of_archive(current: PostStatus, schedules: Collection[str]) -> None:
    """Refuse to send what somebody has put away.

    Raises:
        Conflict: `POST_ARCHIVED`.
    """
    if current == PostStatus.ARCHIVED and not _TO_BE_SENT.isdisjoint(schedules):
        raise Conflict("POST_ARCHIVED", "This post is archived: take it out of the archive first")


def status_awaiting(current: PostStatus) -> PostStatus:
    """The status of a post that has one more schedule which is pending.

    Raises:
        Conflict: `POST_ARCHIVED`.
    """
    demand_out_of_archive(current, {"pending"})
    return current if current == PostStatus.PUBLISHING else PostStatus.SCHEDULED


def status_after(
    current: PostStatus, schedules: Collection[str], *, was_published: bool
) -> PostStatus:
    """The status of a post whose live schedules have these statuses.

    The first line that applies, where a post that was ever published counts as one success even
    if the schedule that published it has been deleted since:

    - archived stays archived: a person decided that;
    - any queued or processing: publishing;
    - any pending: scheduled, whatever has happened to the others;
    - a success, and any failed, unknown or skipped: partial;
    - a success: published, cancelled ones notwithstanding;
    - any failed, unknown or skipped: failed;
    - all cancelled: cancelled;
    - no schedules: draft.
    """
    if current == PostStatus.ARCHIVED:
        return PostStatus.ARCHIVED
    words = set(schedules)
    succeeded = was_published or "success" in words
    missed = bool(words & _MISSED)
    if words & _LEAVING:
        return PostStatus.PUBLISHING
    if "pending" in words:
        return PostStatus.SCHEDULED
    if succeeded:
        return PostStatus.PARTIAL if missed else PostStatus.PUBLISHED
    if missed:
        return PostStatus.FAILED
    return PostStatus.CANCELLED if words else PostStatus.DRAFT
