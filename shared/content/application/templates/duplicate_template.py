"""Make a template of one's own out of another."""

from collections.abc import Collection
from itertools import count
from uuid import UUID

from shared.content.application.templates.ports import BeginTemplates
from shared.content.domain.templates.happenings import happened
from shared.content.domain.templates.sight import seen
from shared.content.domain.templates.template import NAME_LENGTH, Template, key_of
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def duplicate_template(
    begin: BeginTemplates, clock: Clock, *, actor: Actor, template_id: UUID
) -> Template:
    """Store a copy of any template that the actor may see; it is theirs alone until they share it.

    Raises:
        NotFound: `TEMPLATE_NOT_FOUND`.
        PermissionDenied: `TEMPLATE_ACCESS_DENIED`, or `FORBIDDEN`: they may see none.
        Conflict: `TEMPLATE_NAME_TAKEN`, by one they have made at this very moment.
    """
    now = clock()
    with begin() as work:
        source = seen(actor.exercising("templates:read"), work.templates.get(template_id))
        name = free_name(source.name, work.templates.names_of(actor))
        template = source.copy(name, created_by=actor.user_id, now=now)
        work.templates.add(template)
        work.happenings.record(
            happened(template, Happening.TEMPLATE_CREATED, by=actor.user_id, at=now)
        )
    return template


def free_name(name: str, taken: Collection[str]) -> str:
    """``Tea (copy)``, ``Tea (copy 2)`` …: the first whose key is not taken, cut to fit."""
    endings = (" (copy)" if number == 1 else f" (copy {number})" for number in count(1))
    names = (name[: NAME_LENGTH - len(ending)] + ending for ending in endings)
    return next(each for each in names if key_of(each) not in taken)
