"""Files of the library as they are answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.media.adapters.links import thumbnails
from shared.media.domain.asset import Asset, AssetStatus, MediaKind


class AddressOut(BaseModel):
    """A call that needs no credentials until it expires, if it has these very headers."""

    model_config = ConfigDict(from_attributes=True)

    method: str
    url: str
    headers: Mapping[str, str]
    expires_at: datetime


class ThumbnailOut(BaseModel):
    """`width` and `height` in pixels; the `url` needs no credentials, for an hour."""

    url: str
    width: int
    height: int
    mime_type: str


class MediaFileOut(BaseModel):
    """A file: what is known of it, once it is `ready`.

    `status` is `uploading`, `processing`, `ready`, `refused` where its content is nothing that is
    kept, or `failed` where processing it may be tried again; `error_code` says why. `mime_type` is
    what its bytes tell, and until they are there what was claimed. `size` in bytes, `width` and
    `height` in pixels, `fps` in frames a second. `version` grows with every change: with quotes it
    is the ETag, and what `If-Match` takes.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    alt_text: str
    tags: list[str]
    status: AssetStatus
    kind: MediaKind | None
    mime_type: str
    size: int | None
    width: int | None
    height: int | None
    duration_ms: int | None
    fps: float | None
    frames: int | None
    pages: int | None
    has_alpha: bool | None
    has_audio: bool | None
    blurhash: str | None
    dominant_colour: str | None
    thumbnails: Sequence[ThumbnailOut]
    source_url: str | None
    error_code: str | None
    error_message: str | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    version: int

    @classmethod
    def of(cls, asset: Asset) -> Self:
        return cls.model_validate(facts(asset))


class DeletedMediaFileOut(MediaFileOut):
    """A file that can be brought back until `restorable_until`."""

    deleted_at: datetime | None
    restorable_until: datetime | None


class ReferenceOut(BaseModel):
    """A variant that shows the file, or has a follow-up that does."""

    variant_id: UUID
    post_id: UUID
    channel_id: str


class MediaInFullOut(MediaFileOut):
    """`download` is where the file itself can be had, once it is there."""

    download: AddressOut | None
    references: Sequence[ReferenceOut]


def facts(asset: Asset) -> dict[str, Any]:
    """What the answers show of it."""
    return {
        **{
            name: getattr(asset, name) for name in MediaFileOut.model_fields if name != "thumbnails"
        },
        "thumbnails": thumbnails(asset),
        "deleted_at": asset.deleted_at,
        "restorable_until": asset.restorable_until,
    }
