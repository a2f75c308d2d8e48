"""Which things a permission reaches, asked of those who keep them."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from shared.channels.api import connections
from shared.content.api import posts, templates
from shared.generation import api as generation
from shared.identity.adapters.access_tables import custom_roles
from shared.identity.adapters.credential_tables import api_keys
from shared.identity.adapters.tables import memberships
from shared.infrastructure.database import among
from shared.kernel.actor import Actor
from shared.publishing import api as publishing

Reached = Callable[[Session, Actor, Collection[UUID]], set[UUID]]


def _organizations(_session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    own: set[UUID] = {actor.organization_id}
    return own.intersection(ids)


def _in_organization(
    column: ColumnElement[UUID], organization_id: ColumnElement[UUID], *live: ColumnElement[bool]
) -> Reached:
    def reached(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
        wanted = among(column, ids), organization_id == actor.organization_id, *live
        return set(session.scalars(select(column).where(*wanted)))

    return reached


REACHED: dict[str, Reached] = {
    "posts": posts.reached,
    "templates": templates.reached_templates,
    "generation": generation.reached,
    "schedules": publishing.reached,
    "channels": connections.reached,
    "organization": _organizations,
    "members": _in_organization(memberships.c.user_id, memberships.c.organization_id),
    "roles": _in_organization(
        custom_roles.c.id, custom_roles.c.organization_id, custom_roles.c.deleted_at.is_(None)
    ),
    "api_keys": _in_organization(api_keys.c.id, api_keys.c.organization_id),
}
"""By the resource of a permission: those among the ids that an actor exercising it reaches."""
