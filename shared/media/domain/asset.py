"""An asset: a file of an organization's, from its first byte to its last day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id
from shared.media.domain.storage_keys import incoming_key, original_key

if TYPE_CHECKING:
    from shared.media.domain.facts import Facts  # which know of kinds

UPLOADABLE_FOR = timedelta(hours=24)
"""How long an upload may take, from its announcement to its completion."""

RESTORABLE_FOR = timedelta(days=30)
"""How long a deleted asset can be brought back."""

GONE = "MEDIA_FILE_GONE", "The file is not in the store any more: upload it anew"
NOT_PROCESSED = "MEDIA_PROCESSING_FAILED", "We could not look into this file"
"""Codes and words of what has failed."""


class MediaKind(StrEnum):
    """An animation is a picture that moves."""

    IMAGE = "image"
    ANIMATION = "animation"
    VIDEO = "video"
    DOCUMENT = "document"


class AssetStatus(StrEnum):
    UPLOADING = "uploading"
    PROCESSING = "processing"
    """It is complete, and is what it says it is as far as its first bytes tell."""
    READY = "ready"
    REFUSED = "refused"
    """Its content is nothing that we keep: see `error_code`."""
    FAILED = "failed"
    """We could not process it, which is not the file's fault: it may be tried again."""


class AssetChanges(TypedDict, total=False):
    """What is absent stays."""

    name: str
    alt_text: str
    tags: Sequence[str]


@dataclass(kw_only=True, eq=False)
class Asset:
    """`mime_type` is what was claimed until the bytes have told; sizes are in bytes.

    `size` is unknown of a file that is still to be fetched from `source_url`. `sha256` is the
    uploader's word, in hexadecimal; what came in parts is held against it by processing only, which
    reads all of it anyway. `storage_key` is where the file lies now. `multipart_id` is the
    store's name for an upload in parts of `part_size`. `fps` is frames a second, on average;
    `frames` counts those of an animation, `pages` those of a document. `thumbnails` are the keys,
    MIME types and measures of small pictures of it. `completed_at` is when it was last taken into
    processing: when it was complete, or tried again. `error_code` says why it was refused or has
    failed. An asset is `condemned_at` the moment at which its clean-up has begun: it cannot be
    brought back.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    name: str
    alt_text: str
    tags: list[str]
    mime_type: str
    size: int | None
    sha256: str | None
    storage_key: str
    created_at: datetime
    updated_at: datetime
    status: AssetStatus = AssetStatus.UPLOADING
    kind: MediaKind | None = None
    source_url: str | None = None
    multipart_id: str | None = None
    part_size: int | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    fps: float | None = None
    frames: int | None = None
    pages: int | None = None
    has_alpha: bool | None = None
    has_audio: bool | None = None
    blurhash: str | None = None
    dominant_colour: str | None = None
    thumbnails: list[dict[str, Any]] = field(default_factory=list)
    error_code: str | None = None
    error_message: str | None = None
    completed_at: datetime | None = None
    deleted_at: datetime | None = None
    condemned_at: datetime | None = None
    version: int = 1

    @classmethod
    def announce(
        cls,
        *,
        organization_id: OrganizationId,
        created_by: UUID,
        name: str,
        alt_text: str,
        tags: Sequence[str],
        mime_type: str,
        size: int | None,
        sha256: str | None,
        now: datetime,
        source_url: str | None = None,
    ) -> "Asset":
        """A file that is still to come."""
        asset_id = new_id()
        return cls(
            id=asset_id,
            organization_id=organization_id,
            created_by=created_by,
            name=name,
            alt_text=alt_text,
            tags=list(tags),
            mime_type=mime_type,
            size=size,
            sha256=sha256,
            storage_key=incoming_key(organization_id, asset_id),
            source_url=source_url,
            created_at=now,
            updated_at=now,
        )

    @property
    def restorable_until(self) -> datetime | None:
        return self.deleted_at and self.deleted_at + RESTORABLE_FOR

    @property
    def expires_at(self) -> datetime:
        """When an upload is given up."""
        return self.created_at + UPLOADABLE_FOR

    def demand_open(self, *, now: datetime) -> None:
        """Refuse what can no longer be uploaded.

        Raises:
            Conflict: `MEDIA_UPLOAD_ENDED`, `MEDIA_UPLOAD_EXPIRED`.
        """
        if self.status != AssetStatus.UPLOADING:
            raise Conflict(
                "MEDIA_UPLOAD_ENDED",
                f"This upload has ended: the file is {self.status}",
                meta={"status": self.status},
            )
        if self.condemned_at is not None or now >= self.expires_at:
            raise Conflict(
                "MEDIA_UPLOAD_EXPIRED",
                f"An upload may take {UPLOADABLE_FOR.days * 24} hours: begin another",
            )

    def demand_sent(self) -> None:
        """Refuse to take from a caller what is fetched from its address.

        Raises:
            Conflict: `MEDIA_IS_FETCHED`.
        """
        if self.source_url is not None:
            raise Conflict("MEDIA_IS_FETCHED", "This file is fetched, there is nothing to send")

    def complete(self, *, kind: MediaKind, mime_type: str, size: int, now: datetime) -> None:
        """It is all there, and is of the kind that its first bytes tell.

        From here on it lies where only we can write.
        """
        self.kind = kind
        self.mime_type = mime_type
        self.size = size
        self.storage_key = original_key(self.organization_id, self.id)
        self.multipart_id = None
        self.part_size = None
        self.status = AssetStatus.PROCESSING
        self.completed_at = self.updated_at = now

    def be_ready(
        self,
        *,
        storage_key: str,
        facts: "Facts",
        thumbnails: Sequence[Mapping[str, Any]],
        blurhash: str | None,
        dominant_colour: str | None,
        now: datetime,
    ) -> None:
        """It is what its bytes say, and lies cleaned at another key."""
        self.storage_key = storage_key
        self.kind = facts.kind
        self.mime_type = facts.format.value
        self.size = facts.size
        self.width = facts.width
        self.height = facts.height
        self.duration_ms = facts.milliseconds
        self.fps = None if facts.fps is None else float(facts.fps)
        self.frames = facts.frames
        self.pages = facts.pages
        self.has_alpha = facts.has_alpha
        self.has_audio = facts.has_audio
        self.thumbnails = [dict(each) for each in thumbnails]
        self.blurhash = blurhash
        self.dominant_colour = dominant_colour
        self.status = AssetStatus.READY
        self.error_code = self.error_message = None
        self.updated_at = now

    def abort(self, *, now: datetime) -> None:
        """Nobody wants it any more.

        Raises:
            Conflict: `MEDIA_UPLOAD_ENDED`, `MEDIA_UPLOAD_EXPIRED`.
        """
        self.demand_open(now=now)
        self.deleted_at = self.condemned_at = self.updated_at = now

    def refuse(self, code: str, message: str, *, now: datetime) -> None:
        """Its content is nothing that we keep."""
        self._end(AssetStatus.REFUSED, code, message, now)

    def fail(self, code: str, message: str, *, now: datetime) -> None:
        """We could not process it."""
        self._end(AssetStatus.FAILED, code, message, now)

    def process_again(self, *, now: datetime) -> None:
        """Have another try at what has failed, or seems to be stuck.

        Raises:
            Conflict: `MEDIA_NOT_FAILED`.
        """
        if self.status not in {AssetStatus.FAILED, AssetStatus.PROCESSING}:
            raise Conflict(
                "MEDIA_NOT_FAILED",
                f"Only what has failed is tried again; this is {self.status}",
                meta={"status": self.status},
            )
        self.status = AssetStatus.PROCESSING
        self.error_code = self.error_message = None
        self.completed_at = self.updated_at = now

    def edit(self, changes: AssetChanges, *, now: datetime) -> None:
        """Change what is given."""
        self.name = changes.get("name", self.name)
        self.alt_text = changes.get("alt_text", self.alt_text)
        self.tags = list(changes.get("tags", self.tags))
        self.updated_at = now

    def delete(self, uses: Collection[object], *, now: datetime) -> None:
        """Take it off every list; it can be brought back for a while.

        Raises:
            Conflict: `MEDIA_IN_USE`, of which `uses` tell.
        """
        if uses:
            raise Conflict(
                "MEDIA_IN_USE",
                "Variants use this file: take it out of them first",
                meta={"references": list(uses)},
            )
        self.deleted_at = self.updated_at = now

    def restore(self, *, now: datetime) -> None:
        """Put it back where it was; one that is on the lists stays as it is.

        Raises:
            Conflict: `MEDIA_RESTORE_EXPIRED`.
        """
        if self.deleted_at is None:
            return
        if self.condemned_at is not None or now > self.deleted_at + RESTORABLE_FOR:
            raise Conflict(
                "MEDIA_RESTORE_EXPIRED",
                f"A deleted file can be restored for {RESTORABLE_FOR.days} days",
            )
        self.deleted_at = None
        self.updated_at = now

    def _end(self, status: AssetStatus, code: str, message: str, now: datetime) -> None:
        self.status = status
        self.error_code = code
        self.error_message = message
        self.updated_at = now
