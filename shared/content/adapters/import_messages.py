"""Messages that ask for an import to be worked on."""

from uuid import UUID

from shared.content.adapters import markup
from shared.content.adapters.channels import find_channel
from shared.content.adapters.import_bodies import read_posts
from shared.content.adapters.imports import begin
from shared.content.application.imports.work_on_import import Worked, give_up, work_on_import
from shared.kernel.clock import Clock
from shared.operations.api.consuming import Done, Ending, GiveUp, OutboxMessage
from shared.operations.api.relay import wake_relay

TRIES = 5
"""How often one call may die of an import: each message is of another stretch of it."""


def work_on(clock: Clock, chunk: int, message: OutboxMessage) -> Ending:
    """Do what a message asks for; what it asks for in turn is called at once.

    Raises:
        Unavailable: the database is down.
    """
    try:
        import_id = UUID(message.body["import_id"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return GiveUp("it names no import")
    if message.attempts > TRIES:
        give_up(begin, clock, import_id=import_id)
        return GiveUp("it does not get on")
    worked = work_on_import(
        begin, read_posts, markup, find_channel, clock, import_id=import_id, chunk=chunk
    )
    if worked is Worked.UNKNOWN:
        return GiveUp("there is no such import")
    wake_relay()
    return Done()
