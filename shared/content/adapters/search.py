"""A few of everything that a person may look for by a word or two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.channels.api.lookup import ConnectionFound, connections_named
from shared.content.adapters.excerpts import excerpt, excerpt_of_markup
from shared.content.adapters.tables import post_variants, posts
from shared.infrastructure.database import past_policies, transaction
from shared.infrastructure.reach import within_reach
from shared.infrastructure.text_search import looked_for
from shared.kernel.actor import Actor

OF_EACH = 5


@dataclass(frozen=True, kw_only=True)
class PostFound:
    """`excerpt` is the beginning of the description, without its markup."""

    id: UUID
    title: str | None
    excerpt: str
    status: str
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class VariantFound:
    id: UUID
    post_id: UUID
    channel: str
    excerpt: str
    status: str
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Found:
    posts: Sequence[PostFound]
    variants: Sequence[VariantFound]
    connections: Sequence[ConnectionFound]


def search(actor: Actor, text: str) -> Found:
    """The `OF_EACH` best of each kind that the actor may see, each as far as they reach."""
    connector = actor.exercising("channels:read") if actor.may("channels:read") else None
    with transaction() as session:
        with past_policies(session):
            posts_found, variants_found = (
                _posts(session, actor, text),
                _variants(session, actor, text),
            )
        return Found(
            posts=posts_found,
            variants=variants_found,
            connections=(
                connections_named(session, connector, text, limit=OF_EACH) if connector else []
            ),
        )


def _posts(session: Session, actor: Actor, text: str) -> Sequence[PostFound]:
    query, columns = looked_for(text), posts.c
    rank = func.ts_rank(columns.search, query)
    best = (
        select(
            columns.id,
            columns.title,
            columns.description,
            columns.status,
            columns.updated_at,
            rank.label("rank"),
        )
        .where(
            columns.organization_id == actor.organization_id,  # no policy says so here
            *within_reach(posts, actor),
            columns.deleted_at.is_(None),
            columns.search.bool_op("@@")(query),
        )
        .order_by(rank.desc(), columns.id.desc())
        .limit(OF_EACH)
        .subquery("best")
    )
    rows = session.execute(
        select(
            best.c.id,
            best.c.title,
            excerpt_of_markup(best.c.description).label("excerpt"),
            best.c.status,
            best.c.updated_at,
        ).order_by(best.c.rank.desc(), best.c.id.desc())
    )
    return [PostFound(**_named(row)) for row in rows]


def _variants(session: Session, actor: Actor, text: str) -> Sequence[VariantFound]:
    query, columns = looked_for(text), post_variants.c
    rows = session.execute(
        select(
            columns.id,
            columns.post_id,
            columns.channel,
            excerpt(columns.content).label("excerpt"),
            columns.status,
            columns.updated_at,
        )
        .join(posts, posts.c.id == columns.post_id)
        .where(
            columns.organization_id == actor.organization_id,
            *within_reach(post_variants, actor),
            columns.deleted_at.is_(None),
            posts.c.deleted_at.is_(None),
            columns.search.bool_op("@@")(query),
        )
        .order_by(func.ts_rank(columns.search, query).desc(), columns.id.desc())
        .limit(OF_EACH)
    )
    return [VariantFound(**_named(row)) for row in rows]


def _named(row: Any) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 its public name
