"""What happens to posts, variants and tags, told to whoever wants to know."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.content.domain.post import Post
from shared.content.domain.tag import Tag
from shared.content.domain.variant import PostVariant
from shared.kernel.actor import Actor
from shared.kernel.happenings import Happened, Happening


def happened_to(
    thing: Post | PostVariant, what: Happening, *, by: UUID, at: datetime, **details: Any
) -> Happened:
    """Never its words, which may be anybody's."""
    told = {"channel": thing.channel} if isinstance(thing, PostVariant) else {}
    return Happened(
        what=what,
        organization_id=thing.organization_id,
        subject_id=thing.id,
        post_id=thing.post_id if isinstance(thing, PostVariant) else thing.id,
        actor_id=by,
        at=at,
        details=told | details,
    )


def happened_to_tag(
    tag: Tag | None, what: Happening, *, by: Actor, at: datetime, **details: Any
) -> Happened:
    """Of a tag that only posts know, it has happened to the organization."""
    return Happened(
        what=what,
        organization_id=by.organization_id,
        subject_id=tag.id if tag else by.organization_id,
        actor_id=by.user_id,
        at=at,
        details=details,
    )
