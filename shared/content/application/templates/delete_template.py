"""Take a template off every list."""

from uuid import UUID

from shared.content.application.templates.ports import BeginTemplates
from shared.content.domain.templates.happenings import happened
from shared.content.domain.templates.sight import seen
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def delete_template(
    begin: BeginTemplates, clock: Clock, *, actor: Actor, template_id: UUID
) -> None:
    """Delete softly: what was made with it stays, and its name is free again.

    Raises:
        NotFound: `TEMPLATE_NOT_FOUND`.
        PermissionDenied: `TEMPLATE_ACCESS_DENIED`.
    """
    now = clock()
    with begin() as work:
        template = seen(actor, work.templates.get_for_update(template_id))
        template.delete(now=now)
        work.happenings.record(
            happened(template, Happening.TEMPLATE_DELETED, by=actor.user_id, at=now)
        )
