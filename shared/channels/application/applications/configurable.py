"""What may be kept for whom, what is, and what is told of a change."""

from datetime import datetime

from shared.channels.application.connecting.ports import Authorizing
from shared.channels.application.ports import ChannelsUnitOfWork
from shared.channels.domain.kept_application import KeptApplication
from shared.kernel.actor import Actor
from shared.kernel.errors import RuleViolation
from shared.kernel.happenings import Happened, Happening

FOR_ALL = "platform:configure"


def demand_configurable(
    networks: Authorizing, actor: Actor, channel: str, *, for_all: bool
) -> None:
    """Refuse who may not, and channels where nobody keeps an application.

    Raises:
        PermissionDenied: `CHANNEL_ACCESS_DENIED`, or `FORBIDDEN` where it is everybody's.
        RuleViolation: `CHANNEL_NOT_SUPPORTED`.
    """
    actor.demand_channel(channel)
    if for_all:
        actor.exercising(FOR_ALL)
    if not networks.authorizes(channel):
        raise RuleViolation("CHANNEL_NOT_SUPPORTED", "This channel takes no application")
    if networks.registers(channel):
        raise RuleViolation(
            "CHANNEL_NOT_SUPPORTED",
            "At this channel's servers we make ourselves known: there is nothing to keep",
        )


def kept_for(
    work: ChannelsUnitOfWork, actor: Actor, channel: str, *, for_all: bool
) -> KeptApplication | None:
    if for_all:
        return work.applications.everybodys(channel)
    return work.applications.own(actor.organization_id, channel)


def note_change(
    work: ChannelsUnitOfWork,
    what: Happening,
    application: KeptApplication,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Everybody's belongs to no organization: it is told in that of whoever did it."""
    scope = "organization" if application.organization_id else "platform"
    work.happenings.record(
        Happened(
            what=what,
            organization_id=application.organization_id or actor.organization_id,
            subject_id=application.id,
            actor_id=actor.user_id,
            at=now,
            details={"channel": application.channel, "scope": scope},
        )
    )
