"""Media at Bluesky: blobs, uploaded one by one, then embedded in the record that names them.

Films have a way of their own (`video_service`).

Sources: the lexicons `app.bsky.embed.images`, `app.bsky.embed.video`, `com.atproto.repo.uploadBlob`
and docs.bsky.app. The same bytes are the same blob, and what no record names is kept for hours, so
uploading twice changes nothing.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from shared.channels.domain.bluesky.atproto import error_of
from shared.channels.domain.media import Attachment, ImageRules, MediaRules, Shape, VideoRules
from shared.channels.domain.network_answers import (
    about_a_file,
    before_publishing,
    otherwise_malformed,
)
from shared.channels.domain.provider import ErrorClass, Http, Pending, Refused
from shared.channels.domain.upload_time import UploadTime

_FILM = "video/mp4"
_FILM_BYTES = 50_000_000

RULES = MediaRules(
    images=ImageRules(
        formats=("image/jpeg", "image/png", "image/webp"),
        max_bytes=1_000_000,
        shape=Shape(max_width=2000, max_height=2000),
    ),
    animations=ImageRules(
        formats=(_FILM,), max_bytes=_FILM_BYTES, shape=Shape(max_width=1920, max_height=1920)
    ),
    videos=VideoRules(
        max_bytes=_FILM_BYTES,
        shape=Shape(max_width=1920, max_height=1920),
        max_duration=timedelta(minutes=3),
    ),
    max_images=4,
    max_animations=1,
    max_videos=1,
    max_items=4,
    alt_text_length=1000,
)

Blob = Mapping[str, Any]


async def uploaded(
    http: Http,
    url: str,
    headers: Mapping[str, str],
    attachments: Sequence[Attachment],
    progress: Mapping[str, str],
) -> list[Blob] | Pending:
    """The blobs of what is attached, or of as much as there was time for.

    Raises:
        Refused: nothing is published, whatever went wrong.
    """
    time = UploadTime()
    blobs: list[Blob] = json.loads(progress.get("blobs", "[]"))
    with before_publishing():
        for one in attachments[len(blobs) :]:
            if blobs and time.is_over:
                return Pending(progress={"blobs": json.dumps(blobs)}, check_after=timedelta(0))
            blobs.append(await _upload(http, url, headers, one))
    return blobs


async def _upload(http: Http, url: str, headers: Mapping[str, str], one: Attachment) -> Blob:
    typed = {**headers, "Content-Type": one.mime_type}
    answer = await http.request("POST", url, headers=typed, content=one)
    if answer.status != HTTPStatus.OK:
        raise about_a_file(error_of(answer))
    with otherwise_malformed("Bluesky answered without the blob it was given."):
        return blob_of(answer.json())


def blob_of(answered: Mapping[str, Any]) -> Blob:
    """What an answer says of the blob it is about, as a record names it."""
    with otherwise_malformed("Bluesky answered with a blob that cannot be understood."):
        blob = answered["blob"]
        return {
            "$type": "blob",
            "ref": {"$link": str(blob["ref"]["$link"])},
            "mimeType": str(blob["mimeType"]),
            "size": int(blob["size"]),
        }


def film_of(attachments: Sequence[Attachment]) -> Attachment | None:
    """The film that is shown, if it is one.

    Raises:
        Refused: it is not alone.
    """
    films = [one for one in attachments if one.mime_type == _FILM]
    if films and len(attachments) > 1:
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", "Bluesky shows a film by itself")
    return films[0] if films else None


def embed_of(attachments: Sequence[Attachment], blobs: Sequence[Blob | str]) -> dict[str, Any]:
    """What a record shows; there is nothing of it without attachments.

    Raises:
        Refused: no record shows all of them.
    """
    role = "video" if film_of(attachments) else "image"
    shown = [
        {"alt": one.alt_text, **_ratio(one), role: blob}
        for one, blob in zip(attachments, blobs, strict=True)
    ]
    if not shown:
        return {}
    if role == "video":
        return {"$type": "app.bsky.embed.video", **shown[0]}
    return {"$type": "app.bsky.embed.images", "images": shown}


def _ratio(one: Attachment) -> dict[str, Any]:
    if not one.width or not one.height:
        return {}
    return {"aspectRatio": {"width": one.width, "height": one.height}}
