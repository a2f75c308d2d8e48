"""Messages that ask for a rendition."""

import tempfile
import time
from pathlib import Path
from uuid import UUID

from shared.kernel.clock import Clock
from shared.media.adapters.disk_store import DiskStore
from shared.media.adapters.fitting import begin
from shared.media.adapters.workshop import LibraryWorkshop
from shared.media.application.fit_asset import Fitted, fit_asset, give_up
from shared.operations.api.consuming import Done, Ending, GiveUp, OutboxMessage, TryAgain

TRIES = 4
"""How often a call may die of one."""
MOST_SECONDS = 780
"""How long a film is encoded, so that the call ends by itself."""


def fit_for(clock: Clock, pixels: int, message: OutboxMessage) -> Ending:
    """Do what a message asks for.

    Raises:
        Unavailable: the database or the store is down.
    """
    try:
        asset_id, profile = UUID(message.body["asset_id"]), str(message.body["profile"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return GiveUp("it names no rendition")
    if message.attempts > TRIES:
        give_up(begin, clock, asset_id=asset_id, profile=profile)
        return GiveUp("it cannot be made")
    with tempfile.TemporaryDirectory(prefix="fit-") as folder:
        ended = fit_asset(
            begin,
            DiskStore(),
            LibraryWorkshop(pixels=pixels, until=time.monotonic() + MOST_SECONDS),
            clock,
            asset_id=asset_id,
            profile=profile,
            folder=Path(folder),
        )
    return TryAgain("somebody else makes it") if ended is Fitted.IN_OTHER_HANDS else Done()
