"""Edit a template."""

from uuid import UUID

from shared.content.application.ports import FindChannel, Markup
from shared.content.application.templates.ports import BeginTemplates
from shared.content.application.templates.words import clean, demand_channel
from shared.content.domain.templates.happenings import happened
from shared.content.domain.templates.sight import seen
from shared.content.domain.templates.template import Template, TemplateWords
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def update_template(
    begin: BeginTemplates,
    find_channel: FindChannel,
    markup: Markup,
    clock: Clock,
    *,
    actor: Actor,
    template_id: UUID,
    words: TemplateWords,
) -> Template:
    """Change what is given; what was made with it before stays as it was made.

    Raises:
        RuleViolations: all that is wrong, see `Template.edit`.
        NotFound: `TEMPLATE_NOT_FOUND` or `CHANNEL_NOT_FOUND`.
        PermissionDenied: `TEMPLATE_ACCESS_DENIED` or `CHANNEL_ACCESS_DENIED`.
        Conflict: `TEMPLATE_NAME_TAKEN`, by another of its author.
    """
    now, cleaned = clock(), clean(words, markup)
    with begin() as work:
        template = seen(actor, work.templates.get_for_update(template_id))
        template.edit(cleaned, now=now)
        demand_channel(find_channel, actor, words)
        work.templates.settle()
        work.happenings.record(
            happened(template, Happening.TEMPLATE_UPDATED, by=actor.user_id, at=now)
        )
    return template
