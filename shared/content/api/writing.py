"""Posts and variants that other contexts write, in the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.content.adapters.channels import find_channel
from shared.content.adapters.happenings import happenings_in
from shared.content.adapters.media import LibraryFiles
from shared.content.adapters.tables import posts
from shared.content.application.shown_files import demand_files
from shared.content.domain.happenings import happened_to
from shared.content.domain.post import Post
from shared.content.domain.variant import PostVariant, VariantSource
from shared.infrastructure.insertion import insert_new
from shared.kernel.errors import NotFound
from shared.kernel.happenings import Happening
from shared.kernel.ids import OrganizationId


def write_post(
    session: Session,
    *,
    organization_id: OrganizationId,
    created_by: UUID,
    title: str | None,
    description: str,
    tags: Sequence[str],
    metadata: Mapping[str, Any],
    at: datetime,
) -> Post:
    """Store a new draft; whoever calls has made title and description harmless.

    To clean them here would take a library along wherever posts are only read.

    Raises:
        RuleViolation: as for a post that is written by hand.
    """
    written = Post.write(
        organization_id=organization_id,
        created_by=created_by,
        title=title,
        description=description,
        tags=tags,
        metadata=metadata,
        now=at,
    )
    insert_new(session, written)
    happenings_in(session).record(
        happened_to(written, Happening.POST_CREATED, by=created_by, at=at)
    )
    return written


def write_generated_variant(
    session: Session,
    post_id: UUID,
    channel: str,
    *,
    created_by: UUID,
    content: str,
    tone: str | None,
    media: Mapping[str, Any],
    at: datetime,
) -> PostVariant:
    """Store a new draft of a live post, written by no person.

    Raises:
        NotFound: `POST_NOT_FOUND`.
        Conflict: `POST_ARCHIVED`.
        RuleViolation: as for a variant that is written by hand.
    """
    of_post = session.scalar(
        select(Post)
        .where(posts.c.id == post_id, posts.c.deleted_at.is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if of_post is None:
        raise NotFound("POST_NOT_FOUND", "There is no such post")
    of_post.demand_unarchived()
    written = PostVariant.write(
        of_post,
        find_channel(channel),
        created_by=created_by,
        content=content,
        thread=(),
        media=media,
        tone=tone,
        metadata={},
        source=VariantSource.GENERATED,
        now=at,
    )
    demand_files(LibraryFiles(session), written)
    insert_new(session, written)
    happenings_in(session).record(
        happened_to(written, Happening.POST_VARIANT_CREATED, by=created_by, at=at)
    )
    return written
