"""Put a post into words for a network."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.content.application.ports import BeginWriting, FindChannel
from shared.content.application.shown_files import demand_files
from shared.content.domain.happenings import happened_to
from shared.content.domain.thread import FollowUp
from shared.content.domain.variant import PostVariant
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def create_variant(
    begin: BeginWriting,
    find_channel: FindChannel,
    clock: Clock,
    *,
    actor: Actor,
    post_id: UUID,
    channel_id: str,
    content: str,
    thread: Sequence[FollowUp],
    media: Mapping[str, Any],
    tone: str | None,
    metadata: Mapping[str, Any],
    settings: Mapping[str, Any] | None = None,
) -> PostVariant:
    """Store a new draft; the organization needs no connection to the network yet.

    Raises:
        PermissionDenied: `POST_ACCESS_DENIED` or `CHANNEL_ACCESS_DENIED`.
        NotFound: `POST_NOT_FOUND` or `CHANNEL_NOT_FOUND`.
        Conflict: `POST_ARCHIVED`.
        RuleViolation: `CONTENT_TOO_LONG`, with the count and the limit, of any part of the
            thread; `THREADS_NOT_SUPPORTED`; `INVALID_SETTING`; see also `demand_files`.
    """
    actor.demand_channel(channel_id)
    with begin() as work:
        post = actor.own(work.posts.get_for_update(post_id), "post")
        post.demand_unarchived()
        variant = PostVariant.write(
            post,
            find_channel(channel_id),
            created_by=actor.user_id,
            content=content,
            thread=thread,
            media=media,
            tone=tone,
            metadata=metadata,
            settings=settings,
            now=clock(),
        )
        demand_files(work.media, variant)
        work.variants.add(variant)
        work.happenings.record(
            happened_to(
                variant,
                Happening.POST_VARIANT_CREATED,
                by=actor.user_id,
                at=variant.created_at,
            )
        )
        work.fitting.want([variant], at=variant.created_at)
    return variant
