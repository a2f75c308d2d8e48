"""Who sees a template: its author, whoever may change everybody's, and maybe all around them."""

from shared.content.domain.templates.template import Template
from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied


def sees_private(actor: Actor) -> bool:
    """Whether the actor sees what others keep to themselves: whoever may change it does."""
    return actor.is_root or "templates:write" in actor.permissions


def seen(actor: Actor, found: Template | None) -> Template:
    """Answer what was found, if the actor's permission reaches it and the actor may see it.

    A template is seen by its author, by whoever may change everybody's, and where it is public by
    all of the organization.

    Raises:
        NotFound: `TEMPLATE_NOT_FOUND`.
        PermissionDenied: `TEMPLATE_ACCESS_DENIED`.
    """
    template = actor.own(found, "template")
    if template.is_public or template.created_by == actor.user_id or sees_private(actor):
        return template
    raise PermissionDenied("TEMPLATE_ACCESS_DENIED", "This template is not yours")
