"""What people say of a template, made fit to be kept."""

from shared.content.application.ports import FindChannel, Markup
from shared.content.domain.templates.template import TemplateWords
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound

_FIELD = "default_channel_id"


def clean(words: TemplateWords, markup: Markup) -> TemplateWords:
    """Without tags in the name and without harm in the description; the text itself is kept."""
    cleaned = words.copy()
    if name := words.get("name"):
        cleaned["name"] = markup.strip_tags(name)
    if description := words.get("description"):
        cleaned["description"] = markup.clean_html(description)
    return cleaned


def demand_channel(find_channel: FindChannel, actor: Actor, words: TemplateWords) -> None:
    """Refuse a channel that there is not, or that the actor may not use.

    Raises:
        NotFound: `CHANNEL_NOT_FOUND`.
        PermissionDenied: `CHANNEL_ACCESS_DENIED`.
    """
    channel_id = words.get("default_channel_id")
    if channel_id is None:
        return
    actor.demand_channel(channel_id)
    try:
        find_channel(channel_id)
    except NotFound as unknown:
        raise NotFound(unknown.code, unknown.description, field=_FIELD) from unknown
