"""Tags in PostgreSQL: what is kept of them, and the names on the posts."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.content.adapters.tables import posts, tags
from shared.content.domain.tag import Tag
from shared.infrastructure.database import past_policies, transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId
from shared.kernel.paging import Page, Paging


class PostgresTags:
    def __init__(self, session: Session) -> None:
        self._session = session

    def is_known(self, organization_id: OrganizationId, name: str) -> bool:
        used = exists().where(
            posts.c.organization_id == organization_id,
            posts.c.deleted_at.is_(None),
            posts.c.tags.contains([name]),
        )
        kept = exists().where(*_named(organization_id, name))
        with past_policies(self._session):
            return bool(self._session.scalar(select(or_(kept, used))))

    def ensure(self, tag: Tag) -> None:
        kept = {column.name: getattr(tag, column.name) for column in tags.c}
        keeping = insert(tags).values(kept)
        self._session.execute(
            keeping.on_conflict_do_update(
                index_elements=[tags.c.organization_id, tags.c.name],
                set_={"name": keeping.excluded.name},
            )
        )

    def get_for_update(self, organization_id: OrganizationId, name: str) -> Tag | None:
        return self._session.scalar(
            select(Tag).where(*_named(organization_id, name)).with_for_update()
        )

    def forget(self, tag: Tag) -> None:
        self._session.execute(delete(tags).where(tags.c.id == tag.id))

    def rename(self, organization_id: OrganizationId, name: str, new: str) -> None:
        """When each was last edited stays as it is: nobody has edited it."""
        has_both = posts.c.tags.contains([new])
        renamed = case(
            (has_both, func.array_remove(posts.c.tags, name)),
            else_=func.array_replace(posts.c.tags, name, new),
        )
        self._change(organization_id, name, renamed)

    def take_off(self, organization_id: OrganizationId, name: str) -> None:
        self._change(organization_id, name, func.array_remove(posts.c.tags, name))

    def _change(
        self, organization_id: OrganizationId, name: str, changed: ColumnElement[Any]
    ) -> None:
        """Of live posts the tags are in an index, of deleted ones when they were deleted."""
        tagged = [posts.c.organization_id == organization_id, posts.c.tags.contains([name])]
        held = (
            select(posts.c.id)
            .where(
                or_(
                    and_(posts.c.deleted_at.is_(None), *tagged),
                    and_(posts.c.deleted_at.is_not(None), *tagged),
                )
            )
            .order_by(posts.c.id)
            .with_for_update(key_share=True)
        )
        with past_policies(self._session):
            self._session.execute(update(posts).where(posts.c.id.in_(held)).values(tags=changed))


def _named(organization_id: UUID, name: str) -> list[ColumnElement[bool]]:
    return [tags.c.organization_id == organization_id, tags.c.name == name]


def page_of_tags(actor: Actor, paging: Paging, *, search: str) -> Page[Any]:
    """The organization's tags, the most used first, each with how many live posts have it.

    Only posts within the actor's reach are counted, and a name on others' alone is not shown.
    """
    on_posts = (
        select(func.unnest(posts.c.tags).label("name"))
        .where(*within_reach(posts, actor), posts.c.deleted_at.is_(None))
        .subquery()
    )
    used = (
        select(on_posts.c.name, func.count().label("posts_count"))
        .group_by(on_posts.c.name)
        .subquery()
    )
    kept = (
        select(tags.c.name, tags.c.colour)
        .where(tags.c.organization_id == actor.organization_id)
        .subquery()
    )
    both = used.join(kept, used.c.name == kept.c.name, full=True)
    name = func.coalesce(used.c.name, kept.c.name).label("name")
    uses = func.coalesce(used.c.posts_count, 0).label("posts_count")
    listed = select(name, kept.c.colour, uses).select_from(both)
    if search:
        listed = listed.where(name.icontains(search, autoescape=True))
    counted = select(func.count()).select_from(listed.subquery())
    with transaction() as session:
        total = session.scalar(counted) or 0
        rows = session.execute(
            listed.order_by(uses.desc(), name).limit(paging.limit).offset(paging.offset)
        ).all()
    return Page(items=rows, total=total)


def posts_with(actor: Actor, name: str) -> int:
    """How many live posts within the actor's reach have this tag."""
    query = (
        select(func.count())
        .select_from(posts)
        .where(
            *within_reach(posts, actor), posts.c.deleted_at.is_(None), posts.c.tags.contains([name])
        )
    )
    with transaction() as session, past_policies(session):
        return session.scalar(query) or 0
