"""Posts and variants as publishing sees them, asked of content."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.channels.api import catalogue
from shared.content import api as content
from shared.publishing.adapters import tables
from shared.publishing.application.ports import Variant


class ContentPosts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def variant(self, variant_id: UUID) -> Variant | None:
        view = content.variants(self._session, [variant_id]).get(variant_id)
        if view is None:
            return None
        return Variant(
            id=view.id,
            post_id=view.post_id,
            organization_id=view.organization_id,
            channel=view.channel,
            status=view.status,
            content=view.content,
            has_media=view.has_media,
            length=catalogue.channel(view.channel).count(view.content),
        )

    def live_variants(self, variant_ids: Collection[UUID]) -> Mapping[UUID, str]:
        views = content.variants(self._session, variant_ids)
        return {variant_id: view.content for variant_id, view in views.items()}

    def promote(self, variant_id: UUID, *, now: datetime) -> None:
        content.promote_to_ready(self._session, variant_id, now)

    def record_published(self, variant_ids: Collection[UUID], *, at: datetime) -> None:
        content.record_published(self._session, variant_ids, at)

    def follow(self, post_ids: Collection[UUID], *, now: datetime) -> None:
        """Hold the posts first: two publishers at once would each miss the other's schedule."""
        content.hold_posts(self._session, post_ids)
        columns = tables.schedules.c
        rows = self._session.execute(
            select(columns.post_id, func.array_agg(columns.status))
            .where(columns.post_id.in_(post_ids), columns.deleted_at.is_(None))
            .group_by(columns.post_id)
        )
        statuses = {post_id: list(words) for post_id, words in rows}
        content.follow_schedules(
            self._session, {post_id: statuses.get(post_id, []) for post_id in post_ids}, now
        )
