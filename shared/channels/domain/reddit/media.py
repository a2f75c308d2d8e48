"""Files at Reddit: it leases a place for each, by a form of S3's, then a submission names them.

Source: praw-dev/praw (`Subreddit._upload_media`), reddit.com/dev/api.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from struct import pack
from typing import Any

from shared.channels.domain.file_pieces import Piece
from shared.channels.domain.media import Attachment, File, MediaKind
from shared.channels.domain.network_answers import about_a_file, before_publishing
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.oauth_tokens import is_renewable
from shared.channels.domain.provider import Http
from shared.channels.domain.reddit.answers import error_of, refusal_within


@dataclass(frozen=True, kw_only=True)
class Leased:
    """`url` is where Reddit finds it, `asset_id` what it calls it."""

    asset_id: str
    url: str


async def uploaded(http: Http, credentials: Mapping[str, str], one: File) -> Leased:
    """Raises Refused: nothing is published, whatever went wrong."""
    with before_publishing():
        answer = await http.request(
            "POST",
            f"{credentials['server']}/api/media/asset.json",
            headers=bearing(credentials),
            form={"filepath": one.name, "mimetype": one.mime_type},
        )
        if refusal := refusal_within(answer):
            raise about_a_file(refusal)
        if answer.status != HTTPStatus.OK:
            raise error_of(answer, renewable=is_renewable(credentials))
        lease: dict[str, Any] = answer.json()
        action = str(lease["args"]["action"])
        place = f"https:{action}" if action.startswith("//") else action
        form = {str(each["name"]): str(each["value"]) for each in lease["args"]["fields"]}
        taken = await http.request("POST", place, form=form, files={"file": one})
        if taken.status != HTTPStatus.CREATED:
            raise about_a_file(error_of(taken, renewable=False))
        return Leased(asset_id=str(lease["asset"]["asset_id"]), url=f"{place}/{form['key']}")


def files_of(attached: Sequence[Attachment]) -> list[File]:
    """What is uploaded: a film goes with a picture that stands for it, black where it has none."""
    if len(attached) == 1 and attached[0].kind is MediaKind.VIDEO:
        return [attached[0], attached[0].cover or _black()]
    return list(attached)


def _black() -> File:
    """The least of pictures: 320 by 180, a bit for each pixel."""
    rows = (b"\0" + bytes(40)) * 180
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", pack(">2I5B", 320, 180, 1, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(rows)),
            _chunk(b"IEND", b""),
        )
    )
    return Piece(name="poster.png", mime_type="image/png", data=data)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
