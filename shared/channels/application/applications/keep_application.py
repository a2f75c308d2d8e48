"""Keep the credentials of an application at a network: an organization's own, or everybody's."""

from shared.channels.application.applications.configurable import (
    demand_configurable,
    kept_for,
    note_change,
)
from shared.channels.application.connecting.ports import Authorizing
from shared.channels.application.ports import Begin
from shared.channels.domain.authorization import Application
from shared.channels.domain.kept_application import KeptApplication
from shared.channels.domain.sealed import Seal
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def keep_application(
    begin: Begin,
    networks: Authorizing,
    seal: Seal,
    clock: Clock,
    *,
    actor: Actor,
    channel: str,
    for_all: bool,
    application: Application,
) -> KeptApplication:
    """In the place of what was kept there; what was connected through that is renewed by this.

    Raises:
        PermissionDenied, RuleViolation: see `demand_configurable`.
    """
    demand_configurable(networks, actor, channel, for_all=for_all)
    now = clock()
    with begin() as work:
        before = kept_for(work, actor, channel, for_all=for_all)
        if before is not None:
            kept = before.replaced(application, seal, now)
        else:
            kept = KeptApplication.new(
                application,
                seal,
                now,
                channel=channel,
                organization_id=None if for_all else actor.organization_id,
                created_by=None if for_all else actor.user_id,
            )
        work.applications.put(kept)
        note_change(work, Happening.CHANNEL_APPLICATION_SET, kept, actor=actor, now=now)
    return kept
