"""Take a file in that has come."""

import hashlib
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, RuleViolation
from shared.media.application.ports import Arrived, Begin, FileGone, Files
from shared.media.application.take_in import take_in
from shared.media.domain.asset import Asset, AssetStatus
from shared.media.domain.claims import format_claimed
from shared.media.domain.limits import Limits
from shared.media.domain.parts import comes_in_parts, part_sizes

_TAKEN_IN = frozenset({AssetStatus.PROCESSING, AssetStatus.READY})


def complete_upload(
    begin: Begin, files: Files, clock: Clock, *, actor: Actor, asset_id: UUID, limits: Limits
) -> Asset:
    """Look at what has come, and have it processed; what was taken in is answered as it is.

    Raises:
        RuleViolation: `MEDIA_UPLOAD_INCOMPLETE`, `MEDIA_SIZE_MISMATCH` and
            `MEDIA_CHECKSUM_MISMATCH`: it can come once more. Whatever else is wrong with it is
            for good: see `refusals`.
        Conflict: `MEDIA_NOT_UPLOADED`, `MEDIA_UPLOAD_ENDED`, `MEDIA_UPLOAD_EXPIRED`,
            `MEDIA_IS_FETCHED`, `MEDIA_QUOTA_EXCEEDED`.
    """
    with begin() as work:
        asset = actor.own(work.assets.get(asset_id), "media")
        asset.demand_sent()
    if asset.status in _TAKEN_IN and files.is_kept(asset):
        return asset
    if asset.status != AssetStatus.PROCESSING:  # one whose copy was never made is made again
        asset.demand_open(now=clock())
    if asset.multipart_id is not None:
        _join(files, asset)
    arrived = files.arrived(asset)
    if arrived is None:
        raise _not_uploaded()
    try:
        _demand_as_announced(files, asset, arrived)
        return take_in(
            begin,
            files,
            clock,
            asset=asset,
            arrived=arrived,
            claimed=format_claimed(asset.mime_type),
            name=asset.name,
            actor_id=actor.user_id,
            limits=limits,
        )
    except FileGone as error:
        raise _not_uploaded() from error


def _join(files: Files, asset: Asset) -> None:
    assert asset.size is not None
    assert asset.part_size is not None
    there = {part.number: part.size for part in files.parts(asset)}
    sizes = dict(enumerate(part_sizes(asset.size, asset.part_size), 1))
    missing = [number for number, size in sizes.items() if there.get(number) != size]
    if missing and (there or files.arrived(asset) is None):
        raise RuleViolation(
            "MEDIA_UPLOAD_INCOMPLETE",
            f"{len(missing)} of {len(sizes)} parts have not come yet",
            meta={"missing_parts": missing},
        )
    files.join(asset)


def _demand_as_announced(files: Files, asset: Asset, arrived: Arrived) -> None:
    """The digest of what came in parts is left to processing, which reads all of it anyway."""
    if arrived.size != asset.size:
        raise RuleViolation(
            "MEDIA_SIZE_MISMATCH",
            f"{asset.size} bytes were announced, {arrived.size} have come",
            meta={"announced": asset.size, "size": arrived.size},
        )
    if asset.sha256 is None or comes_in_parts(arrived.size):
        return
    digest = hashlib.sha256()
    for piece in files.pieces(asset):
        digest.update(piece)
    if digest.hexdigest() != asset.sha256:
        raise RuleViolation(
            "MEDIA_CHECKSUM_MISMATCH", "What has come has another SHA-256 than was announced"
        )


def _not_uploaded() -> Conflict:
    return Conflict("MEDIA_NOT_UPLOADED", "Nothing has come yet: upload the file first")
