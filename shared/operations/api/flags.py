"""What the platform does or leaves at present, by root's word."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.kernel.errors import PermissionDenied, Unavailable
from shared.operations.adapters import flags
from shared.operations.adapters.flags import KEY, NOTHING_READ
from shared.operations.domain.flag import AI_GENERATION, BULK_OPERATIONS, MAINTENANCE_MODE

__all__ = [
    "AI_GENERATION",
    "BULK_OPERATIONS",
    "KEY",
    "MAINTENANCE_MODE",
    "NOTHING_READ",
    "demand_enabled",
    "demand_no_maintenance",
    "is_enabled",
]


def is_enabled(
    key: str, organization_id: UUID | None = None, *, read: Mapping[str, Any] = NOTHING_READ
) -> bool:
    """Whether a flag is on for an organization; one that nobody has declared is not.

    It may ask the database, on the container's only connection: before a unit of work begins,
    never within one. Where `read`, from the cache just now, has its `KEY`, it asks nobody.
    """
    return flags.is_on(key, organization_id, read)


def demand_enabled(key: str, organization_id: UUID | None = None) -> None:
    """Refuse what is turned off; as `is_enabled`, before a unit of work begins.

    Raises:
        PermissionDenied: `FEATURE_DISABLED`.
    """
    if not is_enabled(key, organization_id):
        raise PermissionDenied(
            "FEATURE_DISABLED", "This is turned off at present", meta={"feature": key}
        )


_TRY_AGAIN = 120
"""Seconds; nobody knows how long it takes."""


def demand_no_maintenance(
    organization_id: UUID | None = None, *, read: Mapping[str, Any] = NOTHING_READ
) -> None:
    """Refuse while nothing may be written; as `is_enabled`, before a unit of work begins.

    Raises:
        Unavailable: `MAINTENANCE_MODE`.
    """
    if is_enabled(MAINTENANCE_MODE, organization_id, read=read):
        raise Unavailable(
            "MAINTENANCE_MODE",
            "Nothing can be changed for a while: reading goes on",
            retry_after=_TRY_AGAIN,
        )
