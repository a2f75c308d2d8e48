"""Uploads over HTTP: announce a file, go on with it, complete it, give it up; or have it fetched.

The bytes go to the store directly, to the addresses that are answered here.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from functions.dependencies import requires
from functions.envelopes import Data
from functions.fields import exemplified
from functions.idempotency import IdempotentRoute
from functions.media.schemas.answers import AddressOut, MediaFileOut
from functions.media.schemas.fields import AltText, MimeType, Name, Tags, Text
from functions.routing import Router
from functions.versions import versioned
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.media.adapters.fetches import begin_fetching
from shared.media.adapters.files import StoredFiles
from shared.media.adapters.postgres import begin
from shared.media.adapters.settings import MediaSettings
from shared.media.application.abort_upload import abort_upload
from shared.media.application.announce_upload import (
    ADDRESSES_AT_ONCE,
    PartToCome,
    Upload,
    announce_upload,
)
from shared.media.application.ask_for_fetch import URL_LENGTH, ask_for_fetch
from shared.media.application.complete_upload import complete_upload
from shared.media.application.show_upload import show_upload
from shared.operations.api.relay import wake_relay

router = Router(prefix="/api/v1/media", tags=["media"], route_class=IdempotentRoute)

Writer = Annotated[Actor, requires("media:write")]

_UPLOAD = {
    "name": "asparagus.jpg",
    "size": 182_044,
    "mime_type": "image/jpeg",
    "alt_text": "Green asparagus on a wooden table",
    "tags": ["spring"],
}
_FETCH = {
    "url": "https://www.example.com/asparagus.jpg",
    "alt_text": "Green asparagus on a wooden table",
    "tags": ["spring"],
}


class AnnounceUpload(BaseModel):
    model_config = ConfigDict(json_schema_extra=exemplified(_UPLOAD, "name", "size", "mime_type"))

    name: Name = ""
    size: int = Field(0, ge=0, le=2**53, strict=True, description="In bytes")
    mime_type: MimeType = ""
    sha256: Text | None = Field(
        None, max_length=64, description="64 hexadecimal digits: what comes is held against it"
    )
    alt_text: AltText = ""
    tags: Tags = []


class FetchMedia(BaseModel):
    model_config = ConfigDict(json_schema_extra=exemplified(_FETCH, "url"))

    url: Text = Field("", description=f"Public, of the web; at most {URL_LENGTH} characters")
    name: Name | None = Field(None, description="By default as the address has it")
    alt_text: AltText = ""
    tags: Tags = []


class UploadPartOut(BaseModel):
    """A part of a file, in bytes: where it may go, or that it has come."""

    number: int
    size: int
    is_there: bool
    address: AddressOut | None

    @classmethod
    def of(cls, part: PartToCome) -> Self:
        return cls.model_validate(part, from_attributes=True)


class UploadOut(BaseModel):
    """`upload` is where the file may go as a whole; a large one comes in `parts`, in any order."""

    media: MediaFileOut
    upload: AddressOut | None
    parts: Sequence[UploadPartOut]
    part_size: int | None
    parts_total: int

    @classmethod
    def of(cls, upload: Upload) -> Self:
        asset = upload.asset
        return cls(
            media=MediaFileOut.of(asset),
            upload=None if upload.address is None else AddressOut.model_validate(upload.address),
            parts=[UploadPartOut.of(part) for part in upload.parts],
            part_size=asset.part_size,
            parts_total=(
                -(-asset.size // asset.part_size) if asset.size and asset.part_size else 0
            ),
        )


@router.post("/uploads", status_code=201, responses=refuses(HTTPStatus.CONFLICT))
def announce(body: AnnounceUpload, actor: Writer) -> Data[UploadOut]:
    """Say that a file is going to come, and learn where its bytes may go.

    Up to 16 MiB it comes as a whole: make the call `upload` describes, with its headers, and the
    file as its body. A larger one comes in `parts`, which may be sent side by side, and again where
    one was broken off. Then `POST …/complete`. An upload may take 24 hours.
    """
    upload = announce_upload(
        begin,
        StoredFiles(),
        utc_now,
        actor=actor,
        name=body.name,
        size=body.size,
        mime_type=body.mime_type,
        sha256=body.sha256,
        alt_text=body.alt_text,
        tags=body.tags,
        limits=MediaSettings.read().limits,
    )
    return Data[UploadOut](data=UploadOut.of(upload))


@router.post("/from-url", status_code=201)
def fetch(body: FetchMedia, actor: Writer) -> Data[MediaFileOut]:
    """Have a file fetched from the web; it is `uploading` until it is there.

    Where it cannot be had, or is nothing that is kept, it is `refused`, and `error_code` says why:
    `MEDIA_URL_NOT_ALLOWED`, `MEDIA_FETCH_FAILED`, `MEDIA_TOO_MANY_BYTES` and whatever completing an
    upload refuses. At most 5 redirects are followed, to public addresses only.
    """
    asset = ask_for_fetch(
        begin_fetching,
        utc_now,
        actor=actor,
        url=body.url,
        name=body.name,
        alt_text=body.alt_text,
        tags=body.tags,
    )
    wake_relay()
    return Data[MediaFileOut](data=MediaFileOut.of(asset))


@router.get("/uploads/{media_id}/parts", responses=refuses(HTTPStatus.CONFLICT))
def parts(
    media_id: UUID,
    actor: Writer,
    from_number: Annotated[
        int, Query(ge=1, le=10_000, alias="from", description="The number of the first part")
    ] = 1,
    limit: Annotated[int, Query(ge=1, le=1_000)] = ADDRESSES_AT_ONCE,
) -> Data[UploadOut]:
    """Go on with an upload: which parts have come, and fresh addresses for the others."""
    upload = show_upload(
        begin,
        StoredFiles(),
        utc_now,
        actor=actor,
        asset_id=media_id,
        first=from_number,
        most=limit,
    )
    return Data[UploadOut](data=UploadOut.of(upload))


@router.post("/uploads/{media_id}/complete", responses=refuses(HTTPStatus.CONFLICT))
def complete(media_id: UUID, actor: Writer, response: Response) -> Data[MediaFileOut]:
    """Say that all has come; the file is looked at, and then processed.

    `MEDIA_UPLOAD_INCOMPLETE`, `MEDIA_SIZE_MISMATCH` and `MEDIA_CHECKSUM_MISMATCH`: send it once
    more. Whatever else is wrong with a file is for good, and it is `refused`: `MEDIA_EMPTY`,
    `MEDIA_TYPE_NOT_ACCEPTED`, `MEDIA_TYPE_MISMATCH`, `MEDIA_EXTENSION_MISMATCH`,
    `MEDIA_TOO_MANY_BYTES`, `MEDIA_TOO_LARGE` of pixels, `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`,
    `MEDIA_POLYGLOT`. To complete what is complete changes nothing.
    """
    asset = complete_upload(
        begin,
        StoredFiles(),
        utc_now,
        actor=actor,
        asset_id=media_id,
        limits=MediaSettings.read().limits,
    )
    return versioned(response, Data[MediaFileOut](data=MediaFileOut.of(asset)))


@router.delete("/uploads/{media_id}", status_code=204, responses=refuses(HTTPStatus.CONFLICT))
def abort(media_id: UUID, actor: Writer) -> None:
    """Give an upload up; what has come of it goes."""
    abort_upload(begin, StoredFiles(), utc_now, actor=actor, asset_id=media_id)


app = create_app("Media uploads")
app.include_router(router)
handler = lambda_handler(app)
