"""Bring a deleted file back."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.media.application.ports import Begin
from shared.media.application.room import demand_room
from shared.media.domain.asset import Asset
from shared.media.domain.happenings import happened_to
from shared.media.domain.limits import Limits


def restore_asset(
    begin: Begin, clock: Clock, *, actor: Actor, asset_id: UUID, limits: Limits
) -> Asset:
    """Put it back where it was.

    Raises:
        Conflict: `MEDIA_RESTORE_EXPIRED`, `MEDIA_QUOTA_EXCEEDED`.
    """
    now = clock()
    with begin() as work:
        asset = actor.own(work.assets.get_even_deleted(asset_id), "media")
        was_deleted = asset.deleted_at is not None
        asset.restore(now=now)
        if was_deleted:
            demand_room(work, asset, asset.size or 0, limits=limits)
            work.happenings.record(
                happened_to(asset, Happening.MEDIA_RESTORED, by=actor.user_id, at=now)
            )
    return asset
