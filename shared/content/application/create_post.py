"""Write a post."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.content.application.ports import Begin, Markup
from shared.content.domain.post import Post
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def create_post(
    begin: Begin,
    markup: Markup,
    clock: Clock,
    *,
    actor: Actor,
    title: str | None,
    description: str,
    tags: Sequence[str],
    metadata: Mapping[str, Any],
) -> Post:
    """Store a new draft.

    Raises:
        RuleViolation: `DESCRIPTION_REQUIRED` also where nothing is left of it once it is clean.
    """
    post = Post.write(
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        title=None if title is None else markup.strip_tags(title),
        description=markup.clean_html(description),
        tags=tags,
        metadata=metadata,
        now=clock(),
    )
    with begin() as work:
        work.posts.add(post)
    return post
