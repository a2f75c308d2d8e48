"""What is told of keys: never the key itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.identity.domain.api_key import ApiKey
from shared.kernel.happenings import Happened, Happening


def told_of_new(key: ApiKey, **more: Any) -> Happened:
    return Happened(
        what=Happening.API_KEY_CREATED,
        organization_id=key.organization_id,
        subject_id=key.id,
        actor_id=key.created_by,
        at=key.created_at,
        details={
            "name": key.name,
            "prefix": key.prefix,
            "acts_as": str(key.user_id),
            "scopes": key.scopes,
            "channels": key.channels,
            "expires_at": key.expires_at and key.expires_at.isoformat(),
            **more,
        },
    )


def told_of_revoked(key: ApiKey, *, by: UUID, at: datetime, **more: Any) -> Happened:
    return Happened(
        what=Happening.API_KEY_REVOKED,
        organization_id=key.organization_id,
        subject_id=key.id,
        actor_id=by,
        at=at,
        details={"name": key.name, "prefix": key.prefix, "acts_as": str(key.user_id), **more},
    )
