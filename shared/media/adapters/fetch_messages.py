"""Messages that ask for a file to be fetched."""

from uuid import UUID

from shared.kernel.clock import Clock
from shared.media.adapters.fetching import fetch
from shared.media.adapters.files import StoredFiles
from shared.media.adapters.postgres import begin
from shared.media.application.fetch_asset import Fetching, fetch_asset
from shared.media.domain.limits import Limits
from shared.operations.api.consuming import Done, Ending, GiveUp, OutboxMessage, TryAgain

TRIES = 3
"""People wait for it: after a few minutes they had better be told."""


def fetch_for(clock: Clock, limits: Limits, message: OutboxMessage) -> Ending:
    """Do what a message asks for.

    Raises:
        Unavailable: the database or the store is down.
    """
    try:
        asset_id = UUID(message.body["asset_id"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return GiveUp("it names no asset")
    ended = fetch_asset(
        begin,
        StoredFiles(),
        fetch,
        clock,
        asset_id=asset_id,
        is_last=message.attempts >= TRIES,
        limits=limits,
    )
    return Done() if ended is Fetching.DONE else TryAgain("it could not be fetched yet")
