"""Take a file off every list."""

from dataclasses import asdict
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.versions import ANY, Expected
from shared.media.application.ports import Begin

DELETED = "MEDIA_DELETED"


def delete_asset(
    begin: Begin, clock: Clock, *, actor: Actor, asset_id: UUID, expected: Expected = ANY
) -> None:
    """Delete softly what no live variant shows.

    Raises:
        Conflict: `MEDIA_IN_USE`.
        PreconditionFailed: it has changed since.
    """
    now = clock()
    with begin() as work:
        asset = actor.own(work.assets.get_for_update(asset_id), "media")
        expected.demand(asset.version)
        asset.delete(
            [
                {name: str(value) for name, value in asdict(use).items()}
                for use in work.uses.of(asset)
            ],
            now=now,
        )
        work.happenings.tell(DELETED, asset, actor_id=actor.user_id, at=now)
