"""Blobs of a PDS: files, known by what they say (`com.atproto.repo.uploadBlob`, `prepare.ts`).

Stricter than a PDS in one thing: a file that nobody can show is no picture whatever it says, where
a PDS believes who sent it and readers show nothing.
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from tests.simulator.files import NoSuchFile, Seen, look_at

MOST_BYTES = 50 * 1024 * 1024
PICTURE_BYTES = 1_000_000
FILM_BYTES = 50_000_000


class BlobProblem(Exception):
    """Name and words of a refusal."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name = name


def blob_of(data: bytes, typed: str) -> tuple[str, Seen]:
    """A file and its CID, of the kind for raw bytes."""
    if not typed or typed.startswith(("application/json", "multipart/")):
        raise BlobProblem("InvalidRequest", "Request encoding (Content-Type) required but missing")
    if len(data) > MOST_BYTES:
        raise BlobProblem("BlobTooLarge", "This file is too large")
    digest = hashlib.sha256(data)
    cid = "b" + base64.b32encode(b"\x01\x55\x12\x20" + digest.digest()).decode().lower().rstrip("=")
    try:
        return cid, look_at(data)
    except NoSuchFile:
        unknown = "application/octet-stream"
        return cid, Seen(mime_type=unknown, size=len(data), sha256=digest.hexdigest())


def embedded(embed: Any, blobs: Mapping[str, Seen]) -> list[dict[str, Any]]:
    """What a valid embed shows, if all of it has been uploaded and is what it must be."""
    if embed is None:
        return []
    if "video" in embed:
        film = _blob(embed["video"], blobs, "video/mp4", FILM_BYTES)
        return [film.received(embed.get("alt", ""))]
    return [
        _blob(picture["image"], blobs, "image/", PICTURE_BYTES).received(picture["alt"])
        for picture in embed["images"]
    ]


def _blob(named: Any, blobs: Mapping[str, Seen], kind: str, most: int) -> Seen:
    link = named["ref"]["$link"]
    blob = blobs.get(link)
    if blob is None:
        raise BlobProblem("BlobNotFound", f"Could not find blob: {link}")
    if not blob.mime_type.startswith(kind) or named["mimeType"] != blob.mime_type:
        words = f"Wrong mimetype. It is {blob.mime_type} but it should match {kind}*."
        raise BlobProblem("InvalidMimeType", words)
    if blob.size > most or named["size"] != blob.size:
        raise BlobProblem("BlobTooLarge", f"This file is too large. The maximum size is {most}.")
    return blob
