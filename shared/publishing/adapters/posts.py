"""Posts and variants as publishing sees them, asked of content."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from shared.channels.api import catalogue
from shared.content import api as content
from shared.publishing.adapters.of_posts import statuses_of_posts
from shared.publishing.application.ports import FollowUp, Variant


class ContentPosts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def variant(self, variant_id: UUID) -> Variant | None:
        view = content.variants(self._session, [variant_id]).get(variant_id)
        if view is None:
            return None
        count = catalogue.channel(view.channel).count
        return Variant(
            id=view.id,
            post_id=view.post_id,
            organization_id=view.organization_id,
            created_by=view.created_by,
            channel=view.channel,
            status=view.status,
            content=view.content,
            has_media=view.has_media,
            length=count(view.content),
            follow_ups=[
                FollowUp(length=count(part.content), delay_seconds=part.delay_seconds)
                for part in view.thread
            ],
        )

    def live(self, variant_ids: Collection[UUID]) -> Collection[UUID]:
        return content.live_variants(self._session, variant_ids)

    def live_texts(self, variant_ids: Collection[UUID]) -> Mapping[UUID, Sequence[str]]:
        views = content.variants(self._session, variant_ids)
        return {
            variant_id: (view.content, *(part.content for part in view.thread))
            for variant_id, view in views.items()
        }

    def promote(self, variant_id: UUID, *, now: datetime) -> None:
        content.promote_to_ready(self._session, variant_id, now)

    def record_published(self, variant_ids: Collection[UUID], *, at: datetime) -> None:
        content.record_published(self._session, variant_ids, at)

    def follow(self, post_ids: Collection[UUID], *, now: datetime) -> None:
        statuses_of = partial(statuses_of_posts, self._session)
        content.follow_schedules(self._session, post_ids, statuses_of, now)
