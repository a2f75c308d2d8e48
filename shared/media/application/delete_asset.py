"""Take a file off every list."""

from dataclasses import asdict
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.kernel.versions import ANY, Expected
from shared.media.application.ports import Begin
from shared.media.domain.happenings import happened_to


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
        work.happenings.record(
            happened_to(asset, Happening.MEDIA_DELETED, by=actor.user_id, at=now)
        )
