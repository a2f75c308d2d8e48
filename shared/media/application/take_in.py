"""Look at a file that has come in, and keep it or refuse it."""

from functools import partial
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.errors import DomainError, NotFound, RuleViolation
from shared.kernel.happenings import Happening
from shared.media.application.ports import Arrived, Begin, FileChanged, FileGone, Files
from shared.media.application.room import demand_room
from shared.media.domain.asset import Asset, AssetStatus
from shared.media.domain.claims import renamed
from shared.media.domain.first_look import look_at
from shared.media.domain.happenings import happened_to
from shared.media.domain.limits import Limits
from shared.media.domain.signature import MediaFormat
from shared.media.domain.window import windowed

_OPEN = frozenset({AssetStatus.UPLOADING, AssetStatus.PROCESSING})


def take_in(
    begin: Begin,
    files: Files,
    clock: Clock,
    *,
    asset: Asset,
    arrived: Arrived,
    claimed: MediaFormat | None,
    name: str | None,
    actor_id: UUID | None,
    limits: Limits,
) -> Asset:
    """The asset, in processing.

    It is so before its file lies where processing is called for, which then finds it. Whoever ends
    in between is made up for by the next call: the file is still where it came in.

    Raises:
        RuleViolation: it is nothing that we keep; it is refused, and its file is gone.
        Conflict: `MEDIA_QUOTA_EXCEEDED`, `MEDIA_UPLOAD_EXPIRED`.
        NotFound: it was deleted meanwhile.
        FileGone: it has vanished.
    """
    try:
        seen = look_at(
            windowed(partial(files.read, asset)),
            arrived.size,
            limits=limits,
            claimed=claimed,
            name=name,
        )
    except RuleViolation as refusal:
        _refuse(begin, files, clock, asset, refusal)
        raise
    with begin() as work:
        kept = work.assets.get_for_update(asset.id)
        if kept is None:
            raise NotFound("MEDIA_NOT_FOUND", "It was deleted meanwhile")
        if kept.status not in _OPEN:
            return kept
        is_new = kept.status == AssetStatus.UPLOADING
        if is_new:
            kept.demand_open(now=clock())
        demand_room(work, kept, arrived.size, limits=limits)
        kept.complete(kind=seen.kind, mime_type=seen.format.value, size=arrived.size, now=clock())
        if claimed is None:
            kept.name = renamed(kept.name, seen.format)
        if is_new:
            work.happenings.record(
                happened_to(kept, Happening.MEDIA_ADDED, by=actor_id, at=clock())
            )
    try:
        files.take_over(kept, arrived.etag)
    except FileChanged as error:
        changed = RuleViolation(
            "MEDIA_CHANGED", "The file was changed while it was looked at: upload it once more"
        )
        _refuse(begin, files, clock, kept, changed)
        raise changed from error
    except FileGone:
        if not files.is_kept(kept):  # else somebody who did the same was faster
            raise
    files.remove_incoming(kept)
    return kept


def _refuse(begin: Begin, files: Files, clock: Clock, asset: Asset, reason: DomainError) -> None:
    with begin() as work:
        found = work.assets.get_for_update(asset.id)
        if found is not None and found.status in _OPEN:
            found.refuse(reason.code, reason.description, now=clock())
    files.remove_incoming(asset)
