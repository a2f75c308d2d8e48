"""Posts and variants as publishing sees them, asked of content."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from shared.content.api import posts, variants
from shared.publishing.adapters.of_posts import statuses_of_posts
from shared.publishing.application.media_ports import Item
from shared.publishing.application.ports import FollowUp, Variant, Words


class ContentPosts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def variant(self, variant_id: UUID) -> Variant | None:
        return self.variants([variant_id]).get(variant_id)

    def ask_to_hold(self, variant_id: UUID) -> Callable[[], Variant | None]:
        return partial(_answered, self._session, variants.ask_to_hold(self._session, variant_id))

    def variants(self, variant_ids: Collection[UUID]) -> Mapping[UUID, Variant]:
        views = variants.variants(self._session, variant_ids)
        return {view.id: _variant(self._session, view) for view in views.values()}

    def live(self, variant_ids: Collection[UUID]) -> Collection[UUID]:
        return variants.live_variants(self._session, variant_ids)

    def live_words(self, variant_ids: Collection[UUID]) -> Mapping[UUID, Words]:
        views = variants.variants(self._session, variant_ids)
        return {
            variant_id: Words(
                texts=(view.content, *(part.content for part in view.thread)),
                settings=view.settings,
                items=_items(view),
            )
            for variant_id, view in views.items()
        }

    def promote(self, variant_id: UUID, *, now: datetime) -> None:
        variants.promote_to_ready(self._session, variant_id, now)

    def record_published(self, variant_ids: Collection[UUID], *, at: datetime) -> None:
        variants.record_published(self._session, variant_ids, at)

    def follow_new_schedules(self, post_id: UUID, *, now: datetime) -> None:
        posts.follow_new_schedules(self._session, post_id, now)

    def await_schedules(self, variant: Variant, *, now: datetime) -> None:
        posts.await_schedules(self._session, variant.post_id, variant.post_status, now)

    def follow(self, post_ids: Collection[UUID], *, now: datetime) -> None:
        statuses_of = partial(statuses_of_posts, self._session)
        posts.follow_schedules(self._session, post_ids, statuses_of, now)


def _answered(session: Session, asked: Callable[[], variants.VariantView | None]) -> Variant | None:
    view = asked()
    return None if view is None else _variant(session, view)


def _items(view: variants.VariantView) -> Sequence[Sequence[Item]]:
    """Nothing at all where no part shows anything, as most do."""
    documents = [view.media, *(part.media for part in view.thread)]
    if not any(documents):
        return ()
    return [
        [
            Item(
                media_id=each.media_id,
                alt_text=each.alt_text,
                cover_media_id=each.cover_media_id,
                fit=each.fit,
            )
            for each in variants.items_of(document)
        ]
        for document in documents
    ]


def _variant(session: Session, view: variants.VariantView) -> Variant:
    return Variant(
        id=view.id,
        post_id=view.post_id,
        organization_id=view.organization_id,
        created_by=view.created_by,
        channel=view.channel,
        status=view.status,
        post_status=view.post_status,
        content=view.content,
        follow_ups=[
            FollowUp(content=part.content, delay_seconds=part.delay_seconds) for part in view.thread
        ],
        misfits=partial(variants.misfits, session, view),
    )
