"""Somebody as they stand now, for what they have begun and are not here to prove themselves for."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.identity.adapters.queries import profile
from shared.identity.domain.user import UserStatus
from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied


def acting(session: Session, user_id: UUID, organization_id: UUID, permission: str) -> Actor | None:
    """An active member who may do this there; nobody where they no longer are one, or may not."""
    found = profile(session, user_id)
    membership = found.within(organization_id) if found else None
    if found is None or membership is None or found.status is not UserStatus.ACTIVE:
        return None
    actor = Actor(
        user_id=found.id,
        organization_id=membership.organization_id,
        permissions=found.permissions(membership),
        is_root=found.is_root,
        timezone=found.timezone,
    )
    try:
        return actor.exercising(permission)
    except PermissionDenied:
        return None
