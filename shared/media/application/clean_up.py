"""Let go of what nobody can want any more: in two steps, a run apart.

First a thing is marked, then, in a later run, it goes: files before the row that names them. So a
run may end between any two statements, and the next goes on; and what was in somebody's hands when
it was marked is out of them when it goes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from shared.kernel.clock import Clock
from shared.media.application.ports import Area, Belongings, FileGone, Files, Lying
from shared.media.domain.asset import GONE, NOT_PROCESSED

MARKED_FOR = timedelta(hours=1)
"""How long a thing is marked at least before it goes."""
YOUNG = timedelta(hours=24)
"""Files that are no older may be on their way to a row."""
STUCK = timedelta(hours=1)
"""How long processing takes at the very most; its call was lost."""

TRIED_FOR = timedelta(hours=24)
"""How long processing is called for that each call dies of."""

_AT_A_TIME = 100


@dataclass(frozen=True, kw_only=True)
class CleanedUp:
    """`touched` are the files whose processing was called for once more."""

    condemned: int
    assets: int
    orphans_found: int
    orphans: int
    touched: int


def clean_up(
    belongings: Belongings,
    files: Files,
    area: Area,
    clock: Clock,
    *,
    has_time: Callable[[], bool],
) -> CleanedUp:
    """One run; it ends early, and well, where there is no more time."""
    now = clock()
    removed = _remove_condemned(belongings, files, clock, has_time)
    condemned = belongings.condemn_expired(now=now)
    touched = _call_again(belongings, files, now)
    found, orphans = _sweep(belongings, area, clock, has_time)
    return CleanedUp(
        condemned=condemned, assets=removed, orphans_found=found, orphans=orphans, touched=touched
    )


def _remove_condemned(
    belongings: Belongings, files: Files, clock: Clock, has_time: Callable[[], bool]
) -> int:
    removed = 0
    before = clock() - MARKED_FOR
    while has_time() and (some := belongings.condemned(before=before, limit=_AT_A_TIME)):
        for asset in some:
            files.remove_all(asset)
            belongings.forget(asset)
        removed += len(some)
    return removed


def _call_again(belongings: Belongings, files: Files, now: datetime) -> int:
    """How many are processed once more; what that was done for long enough has failed.

    It counts to the last call, not to now: whoever was not looked after gets one before it fails.
    """
    touched = 0
    for asset in belongings.stuck(before=now - STUCK, limit=_AT_A_TIME):
        if asset.completed_at is not None and asset.updated_at - asset.completed_at >= TRIED_FOR:
            belongings.note_failed(asset, *NOT_PROCESSED, at=now)
            continue
        try:
            files.touch(asset)
        except FileGone:
            belongings.note_failed(asset, *GONE, at=now)
        else:
            belongings.note_touched(asset, at=now)
            touched += 1
    return touched


def _sweep(
    belongings: Belongings, area: Area, clock: Clock, has_time: Callable[[], bool]
) -> tuple[int, int]:
    """How many files were found that belong to nobody, and how many went."""
    now = clock()
    found = gone = 0
    old = (lying for lying in area.lying() if lying.modified_at < now - YOUNG)
    for some in _batches(old):
        if not has_time():
            break
        keys = {lying.key for lying in some}
        unowned = belongings.unowned(keys)
        marked = belongings.orphans_seen(unowned, before=now - MARKED_FOR)
        area.remove(marked)
        belongings.forget_orphans(marked | (keys - unowned))
        belongings.note_orphans(unowned - marked, at=now)
        found += len(unowned - marked)
        gone += len(marked)
    return found, gone


def _batches(lying: Iterable[Lying]) -> Iterator[list[Lying]]:
    left = iter(lying)
    while some := list(islice(left, 500)):
        yield some
