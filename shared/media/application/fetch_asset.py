"""Fetch a file from where it is on the Internet, and take it in."""

from enum import Enum, auto
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, NotFound, RuleViolation
from shared.media.application.ports import Begin, Fetch, FileGone, Files, NotFetched
from shared.media.application.room import demand_room
from shared.media.application.take_in import take_in
from shared.media.domain.asset import Asset, AssetStatus
from shared.media.domain.limits import Limits


class Fetching(Enum):
    DONE = auto()
    """It is in, or it is refused, or nobody wants it any more."""
    LATER = auto()
    """It may be there another time."""


def fetch_asset(
    begin: Begin,
    files: Files,
    fetch: Fetch,
    clock: Clock,
    *,
    asset_id: UUID,
    is_last: bool,
    limits: Limits,
) -> Fetching:
    """Once more from the start, however far an earlier call got; the last one gives up."""
    with begin() as work:
        asset = work.assets.get(asset_id)
    if asset is None or asset.source_url is None or not _is_open(asset, files):
        return Fetching.DONE
    try:
        with fetch(asset.source_url, limits.longest_bytes) as fetched:
            _keep_room(begin, asset_id, fetched.size, limits)
            files.put(asset, fetched.content)
    except Conflict as conflict:
        _refuse(begin, clock, asset_id, conflict.code, conflict.description)
        return Fetching.DONE
    except NotFetched as failure:
        if not failure.is_final and not is_last:
            return Fetching.LATER
        _refuse(begin, clock, asset_id, failure.code, failure.words)
        return Fetching.DONE
    return _take_in(begin, files, clock, asset, limits)


def _keep_room(begin: Begin, asset_id: UUID, size: int, limits: Limits) -> None:
    """From here on it counts as others do that are under way.

    Raises:
        Conflict: `MEDIA_QUOTA_EXCEEDED`.
    """
    with begin() as work:
        asset = work.assets.get_for_update(asset_id)
        if asset is not None:
            demand_room(work, asset, size, limits=limits)
            asset.size = size


def _take_in(begin: Begin, files: Files, clock: Clock, asset: Asset, limits: Limits) -> Fetching:
    arrived = files.arrived(asset)
    if arrived is None:
        return Fetching.LATER
    try:
        take_in(
            begin,
            files,
            clock,
            asset=asset,
            arrived=arrived,
            claimed=None,
            name=None,
            actor_id=asset.created_by,
            limits=limits,
        )
    except FileGone:
        return Fetching.LATER
    except Conflict as conflict:
        _refuse(begin, clock, asset.id, conflict.code, conflict.description)
        files.remove_incoming(asset)
    except (RuleViolation, NotFound):
        pass  # it is refused, or gone: whoever looks sees
    return Fetching.DONE


def _is_open(asset: Asset, files: Files) -> bool:
    if asset.status == AssetStatus.PROCESSING:
        return not files.is_kept(asset)
    return asset.status == AssetStatus.UPLOADING


def _refuse(begin: Begin, clock: Clock, asset_id: UUID, code: str, words: str) -> None:
    with begin() as work:
        asset = work.assets.get_for_update(asset_id)
        if asset is not None and asset.status == AssetStatus.UPLOADING:
            asset.refuse(code, words, now=clock())
