"""Applications at networks as the answers show them: never with their credentials."""

from typing import Any

from sqlalchemy import ColumnElement, Row, select, union

from shared.channels.adapters.authorization_tables import (
    channel_applications,
    platform_applications,
)
from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor

_SHOWN = ("id", "channel", "server", "client_id_masked", "created_at", "updated_at")
_KEPT = platform_applications.c.redirect_uri.is_(None)


def application(actor: Actor, channel: str, *, for_all: bool) -> Row[Any] | None:
    """The organization's own, or what root keeps for all."""
    table = platform_applications if for_all else channel_applications
    whose: ColumnElement[bool] = (
        _KEPT if for_all else channel_applications.c.organization_id == actor.organization_id
    )
    query = select(*(table.c[name] for name in _SHOWN)).where(table.c.channel == channel, whose)
    with transaction() as session:
        found: Row[Any] | None = session.execute(query).one_or_none()
    return found


def known_at(actor: Actor) -> set[str]:
    """The channels at which somebody keeps an application that the organization may use."""
    own = select(channel_applications.c.channel).where(
        channel_applications.c.organization_id == actor.organization_id
    )
    everybodys = select(platform_applications.c.channel).where(_KEPT)
    with transaction() as session:
        return set(session.scalars(union(own, everybodys)))
