"""Write a post."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.content.application.ports import Begin, FindChannel, Markup
from shared.content.domain.happenings import happened_to
from shared.content.domain.post import Post
from shared.content.domain.variant import PostVariant
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def create_post(
    begin: Begin,
    markup: Markup,
    find_channel: FindChannel,
    clock: Clock,
    *,
    actor: Actor,
    title: str | None,
    description: str,
    tags: Sequence[str],
    metadata: Mapping[str, Any],
    default_channel_id: str | None = None,
) -> Post:
    """Store a new draft and, with a default channel, its first variant: the description's text.

    Raises:
        PermissionDenied: `CHANNEL_ACCESS_DENIED`.
        NotFound: `CHANNEL_NOT_FOUND`.
        RuleViolation: `DESCRIPTION_REQUIRED` also where nothing is left of it once it is clean;
            `CONTENT_TOO_LONG` for the default channel.
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
    first = None
    if default_channel_id is not None:
        actor.demand_channel(default_channel_id)
        first = PostVariant.write(
            post,
            find_channel(default_channel_id),
            created_by=actor.user_id,
            content=markup.plain_text(post.description),
            thread=[],
            media={},
            tone=None,
            metadata={},
            now=post.created_at,
        )
    by, at = actor.user_id, post.created_at
    with begin() as work:
        work.posts.add(post)
        told = [happened_to(post, Happening.POST_CREATED, by=by, at=at)]
        if first is not None:
            work.variants.add(first)
            told.append(happened_to(first, Happening.POST_VARIANT_CREATED, by=by, at=at))
        work.happenings.record(*told)
    return post
