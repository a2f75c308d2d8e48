"""Have another try at a file that we failed to process."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.media.application.ports import Begin, FileGone, Files
from shared.media.domain.asset import GONE, Asset


def process_again(
    begin: Begin, files: Files, clock: Clock, *, actor: Actor, asset_id: UUID
) -> Asset:
    """The asset, in processing again.

    Raises:
        Conflict: `MEDIA_NOT_FAILED`, `MEDIA_FILE_GONE`.
    """
    with begin() as work:
        asset = actor.own(work.assets.get_for_update(asset_id), "media")
        asset.process_again(now=clock())
    try:
        files.touch(asset)
    except FileGone as error:
        with begin() as work:
            lost = work.assets.get_for_update(asset_id)
            if lost is not None:
                lost.fail(*GONE, now=clock())
        raise Conflict(*GONE) from error
    return asset
