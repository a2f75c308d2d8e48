"""What there is to choose from, as long as there is."""

from datetime import datetime
from uuid import UUID

from shared.channels.application.connecting.come_back import Choice
from shared.channels.application.connecting.ports import Vault
from shared.channels.application.ports import Begin, ChannelsUnitOfWork
from shared.channels.domain.journey import Journey
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def show_choice(
    begin: Begin, vault: Vault, clock: Clock, *, actor: Actor, choice_id: UUID
) -> Choice:
    """The accounts, and for how long they wait.

    Raises:
        NotFound: `CHOICE_NOT_FOUND`.
        PermissionDenied: `CHOICE_ACCESS_DENIED`.
    """
    now = clock()
    with begin() as work:
        journey = open_choice(work, actor, choice_id, now)
    return Choice(
        id=journey.id,
        accounts=vault.unseal_accounts(journey.id, journey.sealed),
        expires_in=int((journey.expires_at - now).total_seconds()),
    )


def open_choice(work: ChannelsUnitOfWork, actor: Actor, choice_id: UUID, now: datetime) -> Journey:
    """One that is not over, of the actor's organization: whoever may connect there may choose."""
    journey = work.journeys.choosing(choice_id)
    if journey is not None and journey.expires_at <= now:
        journey = None
    return actor.own(journey, "choice")
