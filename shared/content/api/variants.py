"""Variants, to other contexts, in the caller's transaction: what is sent of them, and whether."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from shared.content.adapters.channels import find_channel
from shared.content.adapters.media import LibraryFiles
from shared.content.adapters.sayings import SAYING, parameters
from shared.content.adapters.tables import post_variants, posts
from shared.content.domain import fitness
from shared.content.domain.channel import Account
from shared.content.domain.media import items_of
from shared.content.domain.post_status import PostStatus
from shared.content.domain.thread import FollowUp
from shared.content.domain.variant import VariantStatus
from shared.infrastructure.database import among
from shared.infrastructure.pipelining import UNAWAITED
from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId

__all__ = [
    "SAYING",
    "FollowUpView",
    "VariantView",
    "items_of",
    "live_variants",
    "misfits",
    "promote_to_ready",
    "record_published",
    "saying",
    "variants",
]


@dataclass(frozen=True, kw_only=True)
class FollowUpView:
    content: str
    delay_seconds: int
    media: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class VariantView:
    """A live variant of a live post; `channel` is the slug of its network.

    `thread` are its follow-ups, the first one first; `settings` hold for all of it.
    `is_archived` is its post, which is not to be sent.
    """

    id: UUID
    post_id: UUID
    organization_id: OrganizationId
    created_by: UUID
    channel: str
    content: str
    thread: tuple[FollowUpView, ...]
    media: Mapping[str, Any]
    settings: Mapping[str, Any]
    status: str
    is_archived: bool = False


def variants(session: Session, variant_ids: Collection[UUID]) -> dict[UUID, VariantView]:
    """Those that are live and whose posts are."""
    rows = session.execute(
        select(
            post_variants.c.id,
            post_variants.c.post_id,
            post_variants.c.organization_id,
            post_variants.c.created_by,
            post_variants.c.channel,
            post_variants.c.content,
            post_variants.c.thread,
            post_variants.c.media,
            post_variants.c.settings,
            post_variants.c.status,
            (posts.c.status == PostStatus.ARCHIVED).label("is_archived"),
        )
        .join(posts, posts.c.id == post_variants.c.post_id)
        .where(*_live(variant_ids))
    ).mappings()
    return {
        row["id"]: VariantView(
            **{**row, "thread": tuple(FollowUpView(**each) for each in row["thread"])}
        )
        for row in rows
    }


def live_variants(session: Session, variant_ids: Collection[UUID]) -> set[UUID]:
    """Those that are live and whose posts are."""
    query = select(post_variants.c.id).join(posts, posts.c.id == post_variants.c.post_id)
    return set(session.scalars(query.where(*_live(variant_ids))))


def misfits(session: Session, variant: VariantView, account: Account) -> list[RuleViolation]:
    """Why a variant cannot be sent on an account; nothing where it can."""
    draft = fitness.Draft(
        content=variant.content,
        thread=[
            FollowUp(content=each.content, delay_seconds=each.delay_seconds, media=each.media)
            for each in variant.thread
        ],
        media=variant.media,
        settings=variant.settings,
    )
    files = LibraryFiles(session).files(variant.organization_id, draft.media_ids)
    channel = find_channel(variant.channel)
    return fitness.misfits(replace(draft, files=files), channel, account)


def saying(organization_id: OrganizationId, texts: Collection[str]) -> Mapping[str, Any]:
    """What the relation `SAYING` asks for: it has the variants that say one of these texts."""
    return parameters(organization_id, texts)


def promote_to_ready(session: Session, variant_id: UUID, now: datetime) -> None:
    """A draft becomes ready by being scheduled; anything else stays what it is."""
    session.execute(
        update(post_variants)
        .where(post_variants.c.id == variant_id, post_variants.c.status == VariantStatus.DRAFT)
        .values(status=VariantStatus.READY, updated_at=now)
    )


def record_published(session: Session, variant_ids: Collection[UUID], at: datetime) -> None:
    """These are out, the first time at this instant; from now on they are immutable."""
    held = (
        select(post_variants.c.id)
        .where(
            among(post_variants.c.id, variant_ids),
            post_variants.c.status != VariantStatus.PUBLISHED,
        )
        .order_by(post_variants.c.id)
        .with_for_update(key_share=True)
    )
    session.execute(
        update(post_variants)
        .where(post_variants.c.id.in_(held))
        .values(
            status=VariantStatus.PUBLISHED,
            published_at=func.coalesce(post_variants.c.published_at, at),
            updated_at=at,
        ),
        execution_options=UNAWAITED,
    )


def _live(variant_ids: Collection[UUID]) -> list[ColumnElement[bool]]:
    return [
        among(post_variants.c.id, variant_ids),
        post_variants.c.deleted_at.is_(None),
        posts.c.deleted_at.is_(None),
    ]
