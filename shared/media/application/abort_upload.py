"""Give an upload up."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.media.application.ports import Begin, Files


def abort_upload(begin: Begin, files: Files, clock: Clock, *, actor: Actor, asset_id: UUID) -> None:
    """Let go of what has come of it; what comes all the same is cleaned up later.

    Raises:
        Conflict: `MEDIA_UPLOAD_ENDED`, `MEDIA_UPLOAD_EXPIRED`.
    """
    with begin() as work:
        asset = actor.own(work.assets.get_for_update(asset_id), "media")
        asset.abort(now=clock())
    files.remove_incoming(asset)
