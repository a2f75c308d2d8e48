"""A rendition: an asset, made to fit what a network takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.kernel.ids import OrganizationId


class RenditionStatus(StrEnum):
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@dataclass(kw_only=True, eq=False)
class Rendition:
    """`profile` is a digest of the rules it was fitted to; an asset has one of each.

    `size` in bytes, `width` and `height` in pixels; all is unknown until it is ready.
    """

    id: UUID
    organization_id: OrganizationId
    asset_id: UUID
    profile: str
    created_at: datetime
    updated_at: datetime
    status: RenditionStatus = RenditionStatus.PENDING
    storage_key: str | None = None
    mime_type: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    error_code: str | None = None
    error_message: str | None = None
