"""Posts and variants in PostgreSQL, and the unit of work around them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shared.content.adapters.channels import ChannelsAccounts
from shared.content.adapters.media import LibraryFiles
from shared.content.adapters.publishing import PublishingSchedules
from shared.content.adapters.tables import post_variants, posts
from shared.content.adapters.tags import PostgresTags
from shared.content.domain.post import Post
from shared.content.domain.variant import PostVariant
from shared.infrastructure.database import transaction
from shared.infrastructure.insertion import insert_new
from shared.operations.api.events import RecordedHappenings


def live_post(post_id: UUID) -> Select[Post]:
    return select(Post).where(posts.c.id == post_id, posts.c.deleted_at.is_(None))


def live_variants() -> Select[PostVariant]:
    """Those of deleted posts are gone with them."""
    return (
        select(PostVariant)
        .join(posts, posts.c.id == post_variants.c.post_id)
        .where(post_variants.c.deleted_at.is_(None), posts.c.deleted_at.is_(None))
    )


class PostgresPosts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, post: Post) -> None:
        insert_new(self._session, post)

    def get(self, post_id: UUID) -> Post | None:
        return self._session.scalar(live_post(post_id))

    def get_for_update(self, post_id: UUID) -> Post | None:
        return self._locked(live_post(post_id))

    def get_even_deleted(self, post_id: UUID) -> Post | None:
        return self._locked(select(Post).where(posts.c.id == post_id))

    def _locked(self, wanted: Select[Post]) -> Post | None:
        locked = wanted.with_for_update(key_share=True)
        return self._session.scalar(locked.execution_options(populate_existing=True))


class PostgresVariants:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, variant: PostVariant) -> None:
        insert_new(self._session, variant)

    def get(self, variant_id: UUID) -> PostVariant | None:
        return self._session.scalar(live_variants().where(post_variants.c.id == variant_id))

    def get_for_update(self, variant_id: UUID) -> PostVariant | None:
        return self._session.scalar(
            live_variants()
            .where(post_variants.c.id == variant_id)
            .with_for_update(of=post_variants, key_share=True)
            .execution_options(populate_existing=True)
        )

    def of_post(self, post_id: UUID) -> Sequence[PostVariant]:
        return self._session.scalars(
            live_variants()
            .where(post_variants.c.post_id == post_id)
            .order_by(post_variants.c.created_at, post_variants.c.id)
        ).all()


@dataclass(frozen=True)
class PostgresContent:
    posts: PostgresPosts
    variants: PostgresVariants
    tags: PostgresTags
    schedules: PublishingSchedules
    accounts: ChannelsAccounts
    media: LibraryFiles
    happenings: RecordedHappenings


def content_of(session: Session) -> PostgresContent:
    return PostgresContent(
        PostgresPosts(session),
        PostgresVariants(session),
        PostgresTags(session),
        PublishingSchedules(session),
        ChannelsAccounts(session),
        LibraryFiles(session),
        RecordedHappenings(session),
    )


@contextmanager
def begin() -> Iterator[PostgresContent]:
    with transaction() as session:
        yield content_of(session)
