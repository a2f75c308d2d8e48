"""Go on with an upload: what has come, and where the rest may go."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.media.application.announce_upload import Upload, described
from shared.media.application.ports import Begin, Files


def show_upload(
    begin: Begin,
    files: Files,
    clock: Clock,
    *,
    actor: Actor,
    asset_id: UUID,
    first: int,
    most: int,
) -> Upload:
    """The upload with fresh addresses; of its parts so many from that number on.

    Raises:
        Conflict: `MEDIA_UPLOAD_ENDED`, `MEDIA_UPLOAD_EXPIRED`, `MEDIA_IS_FETCHED`.
    """
    with begin() as work:
        asset = actor.own(work.assets.get(asset_id), "media")
        asset.demand_sent()
        asset.demand_open(now=clock())
    return described(files, asset, first=first, most=most)
