"""Keep a text to be filled in again and again."""

from shared.content.application.ports import FindChannel, Markup
from shared.content.application.templates.ports import BeginTemplates
from shared.content.application.templates.words import clean, demand_channel
from shared.content.domain.templates.happenings import happened
from shared.content.domain.templates.template import Template, TemplateWords
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def create_template(
    begin: BeginTemplates,
    find_channel: FindChannel,
    markup: Markup,
    clock: Clock,
    *,
    actor: Actor,
    words: TemplateWords,
) -> Template:
    """Store a new template of the actor's.

    Raises:
        RuleViolations: all that is wrong, see `Template.edit`.
        NotFound: `CHANNEL_NOT_FOUND`.
        PermissionDenied: `CHANNEL_ACCESS_DENIED`.
        Conflict: `TEMPLATE_NAME_TAKEN`, by another of theirs.
    """
    now = clock()
    template = Template.write(
        clean(words, markup),
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        now=now,
    )
    demand_channel(find_channel, actor, words)
    with begin() as work:
        work.templates.add(template)
        work.happenings.record(
            happened(template, Happening.TEMPLATE_CREATED, by=actor.user_id, at=now)
        )
    return template
