"""Variants, to other contexts, in the caller's transaction: what is sent of them, and whether."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shared.content.adapters.channels import find_channel
from shared.content.adapters.media import LibraryFiles
from shared.content.adapters.sayings import SAYING, parameters
from shared.content.adapters.tables import post_variants, posts
from shared.content.domain import fitness
from shared.content.domain.channel import Account
from shared.content.domain.media import items_of
from shared.content.domain.thread import FollowUp
from shared.infrastructure.database import among_given
from shared.infrastructure.pipelining import UNAWAITED, Asked, answers, ask
from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId

__all__ = [
    "SAYING",
    "FollowUpView",
    "VariantView",
    "ask_to_hold",
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
    `post_status` is its post's, of which one that is archived is not to be sent.
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
    post_status: str


_LIVE = (
    among_given(post_variants.c.id, "ids"),
    post_variants.c.deleted_at.is_(None),
    posts.c.deleted_at.is_(None),
)
_VARIANTS = (
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
        posts.c.status.label("post_status"),
    )
    .join(posts, posts.c.id == post_variants.c.post_id)
    .where(*_LIVE)
)
_HELD = _VARIANTS.with_for_update(of=(post_variants, posts), key_share=True)
_LIVE_IDS = (
    select(post_variants.c.id).join(posts, posts.c.id == post_variants.c.post_id).where(*_LIVE)
)
_PROMOTE = text("""
    UPDATE post_variants SET status = 'ready', updated_at = :now, version = version + 1
    WHERE id = :id AND status = 'draft'
""")
_RECORD_PUBLISHED = text("""
    WITH held AS (
        SELECT id FROM post_variants
        WHERE id = ANY(CAST(:ids AS uuid[])) AND status <> 'published'
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE post_variants AS v
    SET status = 'published', published_at = coalesce(v.published_at, :at), updated_at = :at,
        version = v.version + 1
    FROM held WHERE v.id = held.id
""")


def variants(session: Session, variant_ids: Collection[UUID]) -> dict[UUID, VariantView]:
    """Those that are live and whose posts are."""
    rows = answers(session, _VARIANTS, {"ids": list(variant_ids)})
    return {row.id: _view(row) for row in rows}


def ask_to_hold(session: Session, variant_id: UUID) -> Callable[[], VariantView | None]:
    """One of them, which nobody else changes until the end, nor its post.

    Asked at once, and answered when it is called.
    """
    return partial(_answered, ask(session, _HELD, {"ids": [variant_id]}))


def _answered(asked: Asked) -> VariantView | None:
    found = [_view(row) for row in asked.rows()]
    return found[0] if found else None


def _view(row: Any) -> VariantView:
    thread = tuple(FollowUpView(**each) for each in row.thread)
    return VariantView(**{**row._asdict(), "thread": thread})


def live_variants(session: Session, variant_ids: Collection[UUID]) -> set[UUID]:
    """Those that are live and whose posts are."""
    return set(session.scalars(_LIVE_IDS, {"ids": list(variant_ids)}))


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
    session.execute(_PROMOTE, {"id": variant_id, "now": now}, execution_options=UNAWAITED)


def record_published(session: Session, variant_ids: Collection[UUID], at: datetime) -> None:
    """These are out, the first time at this instant; from now on they are immutable."""
    values = {"ids": list(variant_ids), "at": at}
    session.execute(_RECORD_PUBLISHED, values, execution_options=UNAWAITED)
