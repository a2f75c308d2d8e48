"""What other contexts may ask of content; each runs in the caller's transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, Text, Uuid, case, cast, column, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shared.content.adapters import sayings, template_queries, templates
from shared.content.adapters.cards import PostCard, VariantCard, cards, chosen_posts
from shared.content.adapters.channels import find_channel
from shared.content.adapters.tables import post_variants, posts
from shared.content.domain import fitness
from shared.content.domain.channel import Account
from shared.content.domain.post import Post
from shared.content.domain.post_status import demand_out_of_archive, status_after
from shared.content.domain.template import rendered as rendered_text
from shared.content.domain.template_variables import Value, Variable
from shared.content.domain.thread import FollowUp
from shared.content.domain.variant import PostVariant, VariantSource, VariantStatus
from shared.infrastructure.database import among
from shared.infrastructure.pipelining import UNAWAITED
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound, RuleViolation
from shared.kernel.ids import OrganizationId

__all__ = [
    "FollowUpView",
    "PostCard",
    "PostView",
    "VariantCard",
    "VariantView",
    "cards",
    "chosen_posts",
    "follow_schedules",
    "live_variants",
    "post",
    "promote_to_ready",
    "reached",
    "record_published",
    "variants",
]


@dataclass(frozen=True, kw_only=True)
class FollowUpView:
    content: str
    delay_seconds: int


@dataclass(frozen=True, kw_only=True)
class VariantView:
    """A live variant of a live post; `channel` is the slug of its network.

    `thread` are its follow-ups, the first one first; `settings` hold for all of it.
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


@dataclass(frozen=True, kw_only=True)
class PostView:
    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    title: str | None
    status: str


@dataclass(frozen=True, kw_only=True)
class WrittenPost:
    """A post as it was just stored."""

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    title: str | None
    description: str
    tags: tuple[str, ...]
    status: str
    metadata: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class WrittenVariant:
    """A variant as it was just stored; `channel` is the slug of its network."""

    id: UUID
    post_id: UUID
    channel: str
    content: str
    media: Mapping[str, Any]
    tone: str | None
    source: str
    status: str
    created_by: UUID
    created_at: datetime
    updated_at: datetime


def post(session: Session, post_id: UUID) -> PostView | None:
    """A live post."""
    row = session.execute(
        select(
            posts.c.id,
            posts.c.organization_id,
            posts.c.created_by,
            posts.c.title,
            posts.c.status,
        ).where(posts.c.id == post_id, posts.c.deleted_at.is_(None))
    ).one_or_none()
    return row and PostView(**row._mapping)  # noqa: SLF001 its public name


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
) -> WrittenPost:
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
    session.add(written)
    session.flush()
    return WrittenPost(
        id=written.id,
        organization_id=written.organization_id,
        created_by=written.created_by,
        title=written.title,
        description=written.description,
        tags=tuple(written.tags),
        status=written.status,
        metadata=written.metadata,
        created_at=written.created_at,
        updated_at=written.updated_at,
    )


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
) -> WrittenVariant:
    """Store a new draft of a live post, written by no person.

    Raises:
        NotFound: `POST_NOT_FOUND`.
        RuleViolation: as for a variant that is written by hand.
    """
    of_post = session.scalar(
        select(Post).where(posts.c.id == post_id, posts.c.deleted_at.is_(None))
    )
    if of_post is None:
        raise NotFound("POST_NOT_FOUND", "There is no such post")
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
    session.add(written)
    session.flush()
    return WrittenVariant(
        id=written.id,
        post_id=written.post_id,
        channel=written.channel,
        content=written.content,
        media=written.media,
        tone=written.tone,
        source=written.source,
        status=written.status,
        created_by=written.created_by,
        created_at=written.created_at,
        updated_at=written.updated_at,
    )


def reached(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """The live posts and variants among `ids` that the actor's permission reaches."""
    return {
        found
        for table in (posts, post_variants)
        for found in session.scalars(
            select(table.c.id).where(
                among(table.c.id, ids), table.c.deleted_at.is_(None), *within_reach(table, actor)
            )
        )
    }


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


def misfits(variant: VariantView, account: Account) -> list[RuleViolation]:
    """Why a variant cannot be sent on an account; nothing where it can."""
    draft = fitness.Draft(
        content=variant.content,
        thread=[
            FollowUp(content=each.content, delay_seconds=each.delay_seconds)
            for each in variant.thread
        ],
        media=variant.media,
        settings=variant.settings,
    )
    return fitness.misfits(draft, find_channel(variant.channel), account)


def saying(organization_id: OrganizationId, texts: Collection[str]) -> Subquery:
    """Where one of these texts is said: `variant_id`, `part` (the root is 0) and `text`."""
    return sayings.saying(organization_id, texts)


def _live(variant_ids: Collection[UUID]) -> list[ColumnElement[bool]]:
    return [
        among(post_variants.c.id, variant_ids),
        post_variants.c.deleted_at.is_(None),
        posts.c.deleted_at.is_(None),
    ]


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


def live_variants(session: Session, variant_ids: Collection[UUID]) -> set[UUID]:
    """Those that are live and whose posts are."""
    query = select(post_variants.c.id).join(posts, posts.c.id == post_variants.c.post_id)
    return set(session.scalars(query.where(*_live(variant_ids))))


def follow_schedules(
    session: Session,
    post_ids: Collection[UUID],
    statuses_of: Callable[[Collection[UUID]], Mapping[UUID, Collection[str]]],
    now: datetime,
) -> None:
    """Make the posts' statuses what the statuses of their live schedules say.

    The posts are locked before these are asked for, or two callers would each miss the other's
    schedules; all lock them in one order, and not their keys: whoever has added a schedule to a
    post holds its key already, and two of them would wait for each other.

    Raises:
        Conflict: `POST_ARCHIVED`; one that is archived is to be sent.
    """
    rows = session.execute(
        select(posts.c.id, posts.c.status, posts.c.published_at)
        .where(among(posts.c.id, post_ids))
        .order_by(posts.c.id)
        .with_for_update(key_share=True)
    ).all()
    statuses = statuses_of(post_ids)
    changed, published = {}, []
    for row in rows:
        was_published = row.published_at is not None
        words = statuses.get(row.id, ())
        demand_out_of_archive(row.status, words)
        status = status_after(row.status, words, was_published=was_published)
        is_first_success = not was_published and "success" in words
        if is_first_success:
            published.append(row.id)
        if status != row.status or is_first_success:
            changed[row.id] = status
    if changed:
        _set_statuses(session, changed, published, now)


def _set_statuses(
    session: Session, changed: Mapping[UUID, str], published: Collection[UUID], now: datetime
) -> None:
    following = (
        func.unnest(cast(list(changed), ARRAY(Uuid)), cast(list(changed.values()), ARRAY(Text)))
        .table_valued(column("id", Uuid), column("status", Text), name="following")
        .render_derived()
    )
    session.execute(
        update(posts)
        .where(posts.c.id == following.c.id)
        .values(
            status=following.c.status,
            published_at=case((among(posts.c.id, published), now), else_=posts.c.published_at),
            updated_at=now,
        ),
        execution_options=UNAWAITED,
    )


@dataclass(frozen=True, kw_only=True)
class TemplateView:
    """`constraints` and `default_options` are JSON of its author's own, for generating text."""

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    name: str
    template_body: str
    variables: tuple[Variable, ...]
    placeholders: tuple[str, ...]
    default_channel_id: str | None
    constraints: Mapping[str, Any]
    default_options: Mapping[str, Any]


def template(session: Session, actor: Actor, template_id: UUID) -> TemplateView:
    """A live template that the actor may see, whatever permission they exercise.

    Raises:
        NotFound: `TEMPLATE_NOT_FOUND`.
        PermissionDenied: `TEMPLATE_ACCESS_DENIED`, or `FORBIDDEN`: they may see none at all.
    """
    found = template_queries.one_template(session, actor.exercising("templates:read"), template_id)
    return TemplateView(
        id=found.id,
        organization_id=found.organization_id,
        created_by=found.created_by,
        name=found.name,
        template_body=found.template_body,
        variables=tuple(found.variables),
        placeholders=tuple(found.placeholders),
        default_channel_id=found.default_channel_id,
        constraints=found.constraints,
        default_options=found.default_options,
    )


def rendered(view: TemplateView, values: Mapping[str, Value]) -> str:
    """The template's text with a value in the place of each placeholder.

    Raises:
        RuleViolations: `MISSING_PLACEHOLDER_VALUES`, `INVALID_PLACEHOLDER_VALUE` or
            `VALIDATION_ERROR`, all that is wrong.
        RuleViolation: `RENDERED_TOO_LONG`.
    """
    return rendered_text(view.template_body, view.variables, values)


def mark_template_used(session: Session, template_id: UUID, at: datetime) -> None:
    """Count it as used at that instant; TEMPLATE_USED is not told, for the caller tells of more."""
    templates.count_use(session, template_id, at=at)


def reached_templates(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """The live templates among `ids` that the actor's permission reaches and they may see."""
    return template_queries.reached_templates(session, actor, ids)
