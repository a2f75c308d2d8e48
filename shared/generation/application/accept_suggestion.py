"""Make a variant of a suggestion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.generation.application.asking import tell
from shared.generation.application.ports import (
    Begin,
    FindChannel,
    GenerationUnitOfWork,
    Markup,
    Post,
    Variant,
)
from shared.generation.domain.session import GenerationSession
from shared.generation.domain.suggestion import Suggestion
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening

TITLE = "Generated Post"


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """`post`, where one was made for it."""

    suggestion: Suggestion
    post: Post | None
    variant: Variant


def accept_suggestion(
    begin: Begin,
    markup: Markup,
    find_channel: FindChannel,
    clock: Clock,
    *,
    actor: Actor,
    suggestion_id: UUID,
    title: str | None,
    tags: Sequence[str],
    tone: str | None,
    media: Mapping[str, Any],
) -> Accepted:
    """Put it into the post of its session, which gets one if it has none that still is; at once.

    Raises:
        NotFound: `SUGGESTION_NOT_FOUND`.
        PermissionDenied: `SUGGESTION_ACCESS_DENIED`, or `POST_ACCESS_DENIED`.
        Conflict: `SUGGESTION_ALREADY_ACCEPTED`.
        RuleViolation: as where a post or a variant is written by hand.
    """
    now = clock()
    with begin() as work:
        actor.own(work.suggestions.get(suggestion_id), "suggestion")
        suggestion = actor.own(work.suggestions.get_locked(suggestion_id), "suggestion")
        suggestion.demand_open()
        session = work.sessions.get_for_update(suggestion.generation_session_id)
        assert session is not None, "a suggestion that is there has a session that is"
        post = _post_of(work, session, actor)
        made = None
        if post is None:
            post = made = work.posts.write(
                actor,
                title=markup.strip_tags(title or TITLE),
                description=markup.clean_html(suggestion.content).strip() or TITLE,
                tags=tags,
                metadata={},
                at=now,
            )
        variant = work.posts.write_variant(
            actor,
            post.id,
            find_channel(suggestion.channel),
            content=suggestion.content,
            tone=session.tone if tone is None else tone,
            media=media,
            at=now,
        )
        suggestion.accept(variant.id, now=now)
        session.belong_to(post.id, now=now)
        told = {"suggestion_id": str(suggestion.id), "post_variant_id": str(variant.id)}
        tell(work, Happening.SUGGESTION_ACCEPTED, session, told, by=actor.user_id)
    return Accepted(suggestion=suggestion, post=made, variant=variant)


def _post_of(work: GenerationUnitOfWork, session: GenerationSession, actor: Actor) -> Post | None:
    if session.post_id is None:
        return None
    post = work.posts.get(session.post_id)
    return None if post is None else actor.own(post, "post")
