"""Fill a template in."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.content.application.templates.ports import BeginTemplates
from shared.content.domain.templates.happenings import happened
from shared.content.domain.templates.sight import seen
from shared.content.domain.templates.template import rendered
from shared.content.domain.templates.variables import Value
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """`placeholders_used` come in the order in which they first appear."""

    rendered_content: str
    placeholders_used: list[str]


def render_template(
    begin: BeginTemplates,
    clock: Clock,
    *,
    actor: Actor,
    template_id: UUID,
    values: Mapping[str, Value],
    is_preview: bool,
) -> Rendered:
    """Put the values in their places; unless it is a preview, the template counts it as a use.

    Raises:
        NotFound: `TEMPLATE_NOT_FOUND`.
        PermissionDenied: `TEMPLATE_ACCESS_DENIED`.
        RuleViolation: see `rendered`.
    """
    now = clock()
    with begin() as work:
        template = seen(actor, work.templates.get(template_id))
        text = rendered(template.template_body, template.variables, values)
        if not is_preview:
            work.templates.count_use(template.id, at=now)
            work.happenings.record(
                happened(template, Happening.TEMPLATE_USED, by=actor.user_id, at=now)
            )
    return Rendered(rendered_content=text, placeholders_used=template.placeholders)
