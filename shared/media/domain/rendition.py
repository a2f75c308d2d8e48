"""A rendition: an asset, made to fit what a network takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.kernel.ids import OrganizationId
from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Facts

PICTURE_LEASE = timedelta(minutes=2)
FILM_LEASE = timedelta(minutes=16)
"""How long one is its maker's alone; longer than it is worked on."""

OUR_FAULT = "MEDIA_FITTING_FAILED"
"""The code of what may go well another time."""


class RenditionStatus(StrEnum):
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@dataclass(kw_only=True, eq=False)
class Rendition:
    """`profile` is a digest of the rules it was fitted to; an asset has one of each.

    `size` in bytes, `width` and `height` in pixels; all is unknown until it is ready. `rules` are
    plain data, and `fit` says how they are met: see `rules.Fit`.
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
    rules: Mapping[str, Any] | None = None
    fit: str | None = None
    taken_until: datetime | None = None

    def take(self, kind: MediaKind | None, *, now: datetime) -> bool:
        """Have it to oneself for as long as it takes; no, where somebody else has it."""
        if self.taken_until is not None and now < self.taken_until:
            return False
        self.taken_until = now + (FILM_LEASE if kind is not MediaKind.IMAGE else PICTURE_LEASE)
        return True

    def let_go(self, taken_until: datetime | None) -> None:
        """Leave it to whoever comes next, unless somebody else has taken it since."""
        if self.taken_until == taken_until:
            self.taken_until = None

    def be_ready(self, storage_key: str, facts: Facts, *, now: datetime) -> None:
        self.status = RenditionStatus.READY
        self.storage_key = storage_key
        self.mime_type = facts.format.value
        self.size = facts.size
        self.width = facts.width
        self.height = facts.height
        self.duration_ms = facts.milliseconds
        self.error_code = self.error_message = None
        self._end(now)

    def fail(self, code: str, words: str, *, now: datetime) -> None:
        self.status = RenditionStatus.FAILED
        self.error_code = code
        self.error_message = words
        self._end(now)

    def _end(self, now: datetime) -> None:
        self.taken_until = None
        self.updated_at = now
