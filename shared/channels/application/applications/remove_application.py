"""Forget the credentials of an application at a network."""

from shared.channels.application.applications.configurable import (
    demand_configurable,
    kept_for,
    note_change,
)
from shared.channels.application.connecting.ports import Authorizing
from shared.channels.application.ports import Begin
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def remove_application(
    begin: Begin,
    networks: Authorizing,
    clock: Clock,
    *,
    actor: Actor,
    channel: str,
    for_all: bool,
) -> None:
    """Forget it, if there is one. What was connected through it goes on as long as its tokens do.

    Raises:
        PermissionDenied, RuleViolation: see `demand_configurable`.
    """
    demand_configurable(networks, actor, channel, for_all=for_all)
    with begin() as work:
        kept = kept_for(work, actor, channel, for_all=for_all)
        if kept is not None:
            work.applications.remove(kept)
            gone = Happening.CHANNEL_APPLICATION_REMOVED
            note_change(work, gone, kept, actor=actor, now=clock())
