"""Templates as the answers show them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from shared.content.adapters.template_tables import templates
from shared.content.adapters.templates import live_template
from shared.content.domain.templates.sight import seen, sees_private
from shared.content.domain.templates.template import Template, TemplateCategory
from shared.infrastructure.database import among, transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging

SortBy = Literal["name", "created_at", "updated_at", "usage_count"]
_COLUMNS = {"name": templates.c.name_key}


@dataclass(frozen=True, kw_only=True)
class TemplateFilter:
    """All that is given must hold; `search` in the name or the description."""

    is_own: bool = False
    category: TemplateCategory | None = None
    name: str = ""
    search: str = ""
    default_channel_id: str | None = None


def page_of_templates(
    actor: Actor, wanted: TemplateFilter, paging: Paging, *, sort_by: SortBy, descending: bool
) -> Page[Template]:
    """Live templates that the actor may see."""
    where = _conditions(actor, wanted)
    columns = (_COLUMNS.get(sort_by, templates.c[sort_by]), templates.c.id)
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(templates).where(*where)) or 0
        items = session.scalars(
            select(Template)
            .where(*where)
            .order_by(*(each.desc() if descending else each for each in columns))
            .limit(paging.limit)
            .offset(paging.offset)
        ).all()
    return Page(items=items, total=total)


def shown_template(actor: Actor, template_id: UUID) -> Template:
    with transaction() as session:
        return one_template(session, actor, template_id)


def one_template(session: Session, actor: Actor, template_id: UUID) -> Template:
    """A live template.

    Raises:
        NotFound: `TEMPLATE_NOT_FOUND`.
        PermissionDenied: `TEMPLATE_ACCESS_DENIED`.
    """
    return seen(actor, session.scalar(live_template(template_id)))


def reached_templates(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those among `ids` that are live and that `seen` would answer the actor."""
    wanted = among(templates.c.id, ids), *_visible(actor)
    return set(session.scalars(select(templates.c.id).where(*wanted)))


def _visible(actor: Actor) -> list[ColumnElement[bool]]:
    where = [*within_reach(templates, actor), templates.c.deleted_at.is_(None)]
    if not sees_private(actor):
        where.append(or_(templates.c.is_public, templates.c.created_by == actor.user_id))
    return where


def _conditions(actor: Actor, wanted: TemplateFilter) -> list[ColumnElement[bool]]:
    where = _visible(actor)
    if wanted.is_own:
        where.append(templates.c.created_by == actor.user_id)
    if wanted.category is not None:
        where.append(templates.c.category == wanted.category)
    if wanted.default_channel_id is not None:
        where.append(templates.c.default_channel_id == wanted.default_channel_id)
    if wanted.name:
        where.append(templates.c.name.icontains(wanted.name, autoescape=True))
    if wanted.search:
        where.append(
            or_(
                templates.c.name.icontains(wanted.search, autoescape=True),
                templates.c.description.icontains(wanted.search, autoescape=True),
            )
        )
    return where
