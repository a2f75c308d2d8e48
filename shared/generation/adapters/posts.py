"""Posts and variants, read and written through content."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shared.content.api import posts, writing
from shared.generation.application.ports import Post, Variant
from shared.generation.domain.channel import Channel
from shared.kernel.actor import Actor


class ContentPosts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, post_id: UUID) -> Post | None:
        return posts.post(self._session, post_id)

    def write(
        self,
        actor: Actor,
        *,
        title: str,
        description: str,
        tags: Sequence[str],
        metadata: Mapping[str, Any],
        at: datetime,
    ) -> Post:
        return writing.write_post(
            self._session,
            organization_id=actor.organization_id,
            created_by=actor.user_id,
            title=title,
            description=description,
            tags=tags,
            metadata=metadata,
            at=at,
        )

    def write_variant(
        self,
        actor: Actor,
        post_id: UUID,
        channel: Channel,
        *,
        content: str,
        tone: str | None,
        media: Mapping[str, Any],
        at: datetime,
    ) -> Variant:
        return writing.write_generated_variant(
            self._session,
            post_id,
            channel.id,
            created_by=actor.user_id,
            content=content,
            tone=tone,
            media=media,
            at=at,
        )
