"""What an attempt has left at a network, and when it is gone on with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.publishing.domain.outcome import Pending

SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_PATIENCE = timedelta(hours=24)
_SLOWING_DOWN = 8
"""What has not moved for so long is asked about again after an eighth of that, or the ledger would
have a row every few seconds for hours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """`words` are the provider's own; `of` is a digest of what they are about.

    `since` is when the first attempt began that ended this way, `moved_at` when the words last
    changed. While it `is_under_way` it may be published though nobody calls again. Where it
    `was_put_off`, some other failure has come between, and nobody is impatient for its sake.
    """

    words: Mapping[str, str]
    of: str
    since: datetime
    moved_at: datetime
    is_under_way: bool = False
    was_put_off: bool = False


def gone_on(before: Progress | None, pending: Pending, *, now: datetime) -> Progress:
    """What there is now, after an attempt that began with what was there before."""
    if before is None or before.of != pending.of or before.was_put_off:
        since, moved_at = now, now
    else:
        since = before.since
        moved_at = before.moved_at if before.words == pending.words else now
    return Progress(
        words=pending.words,
        of=pending.of,
        since=since,
        moved_at=moved_at,
        is_under_way=pending.is_under_way,
    )


def next_look(progress: Progress, pending: Pending, *, now: datetime) -> datetime | None:
    """When to ask again; `None` where patience is over."""
    gives_up_at = progress.since + min(pending.patience, LONGEST_PATIENCE)
    wait = max(pending.check_after, (now - progress.moved_at) / _SLOWING_DOWN, SHORTEST_WAIT)
    if now >= gives_up_at:
        return None
    return min(now + min(wait, LONGEST_WAIT), gives_up_at)
