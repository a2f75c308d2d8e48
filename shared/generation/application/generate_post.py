"""Have a post written, with variants for its networks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.generation.application.asking import (
    complete,
    open_session,
    places_for,
    tell,
    written_in,
)
from shared.generation.application.generate import suggested
from shared.generation.application.ports import (
    Begin,
    Desk,
    FindChannel,
    Markup,
    Post,
    Value,
    Variant,
)
from shared.generation.domain.brief import Brief, Task
from shared.generation.domain.session import GenerationSession
from shared.generation.domain.texts import shortened
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation
from shared.kernel.happenings import Happening


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the post is to be about, and how it is to be written."""

    topic: str
    tone: str | None
    key_points: Sequence[str]
    target_audience: str | None
    include_hashtags: bool
    include_emojis: bool
    variants_per_channel: int


@dataclass(frozen=True, kw_only=True)
class GeneratedPost:
    """`missing_channels`: networks for which nothing usable was written."""

    post: Post
    variants: Sequence[Variant]
    session: GenerationSession
    missing_channels: Sequence[str]


def generate_post(
    begin: Begin,
    desk: Desk,
    markup: Markup,
    find_channel: FindChannel,
    clock: Clock,
    *,
    actor: Actor,
    wish: Wish,
    channel_ids: Sequence[str],
    template_id: UUID | None,
    template_values: Mapping[str, Value],
    title_length: int,
) -> GeneratedPost:
    """Store a draft post, its variants, and the session they come from, all or nothing.

    The title is what was asked for, in at most `title_length` characters.

    Raises:
        RuleViolation: `INVALID_GENERATION_CONTEXT`; the topic says nothing.
        PermissionDenied: `FORBIDDEN`, without the permission to generate as well;
            `CHANNEL_ACCESS_DENIED`, `TEMPLATE_ACCESS_DENIED`.
        NotFound: `CHANNEL_NOT_FOUND` or `TEMPLATE_NOT_FOUND`.
        LimitExceeded: `GENERATION_RATE_LIMIT_EXCEEDED`.
        Unavailable: `AI_SERVICE_UNAVAILABLE`; the session is kept as aborted.
        GenerationFailed: nothing usable came; the session is kept as aborted.
    """
    actor.exercising("generation:create")
    told = _post(wish, markup, title_length)
    places = places_for(find_channel, actor, channel_ids, None)
    session = GenerationSession.start(
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        task=Task.POST,
        prompt=wish.topic,
        template_id=template_id,
        tone=wish.tone,
        now=clock(),
    )
    body = ""
    with begin() as work:
        if template_id is not None:
            body = work.templates.filled(actor, template_id, template_values, at=session.created_at)
        open_session(work, session, desk.allowances)
    brief = Brief(
        prompt=wish.topic,
        body=body,
        tone=wish.tone,
        key_points=wish.key_points,
        target_audience=wish.target_audience,
        places=places,
        count=wish.variants_per_channel,
        include_hashtags=wish.include_hashtags,
        include_emojis=wish.include_emojis,
    )
    written, suggestions = written_in(
        begin, clock, session, lambda: suggested(desk.writer, clock, session, brief)
    )
    in_order = {place.channel.id: place.channel for place in places}
    with begin() as work:
        completed = complete(work, session, written.usage, clock)
        now = completed.updated_at
        post = work.posts.write(actor, **told, at=now)
        variants = []
        for suggestion in sorted(suggestions, key=lambda each: list(in_order).index(each.channel)):
            variant = work.posts.write_variant(
                actor,
                post.id,
                in_order[suggestion.channel],
                content=suggestion.content,
                tone=wish.tone,
                media={},
                at=now,
            )
            suggestion.accept(variant.id, now=now)
            variants.append(variant)
        work.suggestions.add(suggestions)
        completed.belong_to(post.id, now=now)
        details = {"post_id": str(post.id), "variants": len(variants)}
        tell(work, Happening.POST_GENERATED, completed, details)
    return GeneratedPost(
        post=post,
        variants=variants,
        session=completed,
        missing_channels=sorted(in_order.keys() - {each.channel for each in suggestions}),
    )


def _post(wish: Wish, markup: Markup, title_length: int) -> dict[str, Any]:
    """What the post says itself: what was asked for, and nothing that was written for it."""
    title = " ".join(markup.strip_tags(wish.topic).split())
    if not title:
        raise RuleViolation(
            "INVALID_GENERATION_CONTEXT", "The topic is nothing but markup", field="context.topic"
        )
    told = "\n".join([wish.topic, *(f"- {point}" for point in wish.key_points)])
    return {
        "title": shortened(title, lambda text: len(text) <= title_length),
        "description": markup.clean_html(told).strip() or title,
        "tags": [],
        "metadata": {},
    }
