"""Media at LinkedIn: an upload is announced, filled, worked on, then named in a post.

Sources: learn.microsoft.com/linkedin (Images API, Videos API, Documents API, MultiImage API).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from functools import partial
from http import HTTPStatus
from typing import Any

from shared.channels.domain.file_pieces import piece_of
from shared.channels.domain.linkedin.answers import error_of
from shared.channels.domain.media import (
    Attachment,
    DocumentRules,
    ImageRules,
    MediaKind,
    MediaRules,
    Shape,
    VideoRules,
)
from shared.channels.domain.network_answers import (
    about_a_file,
    before_publishing,
    otherwise_malformed,
)
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.oauth_tokens import is_renewable
from shared.channels.domain.provider import Answer, ErrorClass, Http, Pending, Refused
from shared.channels.domain.upload_time import UploadTime

_MEBIBYTE = 1024 * 1024
_PIXELS = Shape(max_width=6000, max_height=6000)  # the bound is their product, 36,152,320
RULES = MediaRules(
    images=ImageRules(max_bytes=5 * _MEBIBYTE, shape=_PIXELS),
    animations=ImageRules(formats=("image/gif",), max_bytes=5 * _MEBIBYTE, shape=_PIXELS),
    videos=VideoRules(
        max_bytes=200 * _MEBIBYTE,  # 500 are taken, but not in the time of one attempt
        shape=Shape(min_ratio=Fraction(10, 24), max_ratio=Fraction(24, 10)),
        min_duration=timedelta(seconds=3),
        max_duration=timedelta(minutes=30),
    ),
    documents=DocumentRules(max_bytes=100 * _MEBIBYTE, max_pages=300),
    max_images=20,
    max_animations=1,
    max_videos=1,
    max_documents=1,
    max_items=20,
    alt_text_length=4086,
    without_alt_text=(MediaKind.VIDEO, MediaKind.DOCUMENT),
)
_EDGES = {
    MediaKind.IMAGE: "images",
    MediaKind.ANIMATION: "images",
    MediaKind.VIDEO: "videos",
    MediaKind.DOCUMENT: "documents",
}
_NOUNS = {"images": "image", "videos": "video", "documents": "document"}
_AT_ONCE = 3
_LOOKS_AGAIN = timedelta(seconds=2)
_WORKED_ON = frozenset({"PROCESSING", "WAITING_UPLOAD"})


@dataclass(frozen=True, kw_only=True)
class _Opened:
    """The upload of a film: addresses, each with the first and the last of its bytes."""

    urn: str
    token: str = field(repr=False)
    parts: tuple[tuple[str, int, int], ...] = field(repr=False)


async def attached(
    http: Http,
    credentials: Mapping[str, str],
    attachments: Sequence[Attachment],
    progress: Mapping[str, str],
    headers: Mapping[str, str],
) -> list[str] | Pending:
    """The URNs of what is attached, once LinkedIn has made all of it ready.

    A film is uploaded by addresses that are told once and are too long to be kept: it goes as a
    whole, or is begun anew. `headers` say the version of the API.

    Raises:
        Refused: nothing is published, whatever went wrong.
    """
    kinds = {one.kind for one in attachments}
    if len(kinds) > 1 or (len(attachments) > 1 and kinds != {MediaKind.IMAGE}):
        words = "LinkedIn shows pictures together, and all else by itself."
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
    ask = partial(_ask, http, credentials, headers)
    urns = [one for one in progress.get("media", "").split(",") if one]
    with before_publishing():
        if not urns and attachments:
            few = asyncio.Semaphore(_AT_ONCE)
            sent = [_upload(http, credentials, ask, few, one) for one in attachments]
            urns = list(await asyncio.gather(*sent))
            return Pending(progress={"media": ",".join(urns)}, check_after=_LOOKS_AGAIN)
        edges = [_EDGES[one.kind] for one in attachments]
        states = [
            (await ask("GET", f"/rest/{edge}/{urn.replace(':', '%3A')}")).get("status")
            for edge, urn in zip(edges, urns, strict=True)
        ]
    if any(state in _WORKED_ON for state in states):
        return Pending(progress={"media": ",".join(urns)}, check_after=_LOOKS_AGAIN)
    if any(state != "AVAILABLE" for state in states):
        words = f"LinkedIn could not use what was attached: {states}"
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
    return urns


def content_of(
    attachments: Sequence[Attachment], urns: Sequence[str], title: str = ""
) -> dict[str, Any]:
    """What a post says of what it shows; `title` is that of a document."""
    shown = [
        {"id": urn, **({"altText": one.alt_text} if one.alt_text else {})}
        for one, urn in zip(attachments, urns, strict=True)
    ]
    if not shown:
        return {}
    if len(shown) > 1:
        return {"multiImage": {"images": shown}}
    if attachments[0].kind in RULES.without_alt_text:
        return {"media": {"id": urns[0], "title": title or attachments[0].name}}
    return {"media": shown[0]}


async def _upload(
    http: Http,
    credentials: Mapping[str, str],
    ask: Any,
    few: asyncio.Semaphore,
    one: Attachment,
) -> str:
    async with few:
        edge = _EDGES[one.kind]
        wish: dict[str, Any] = {"owner": credentials["author"]}
        if edge == "videos":
            wish |= {"fileSizeBytes": one.size, "uploadCaptions": False, "uploadThumbnail": False}
        path = f"/rest/{edge}?action=initializeUpload"
        body = {"initializeUploadRequest": wish}
        told = await ask("POST", path, body=body)
        with otherwise_malformed("LinkedIn's answer to an upload cannot be understood."):
            value = told["value"]
            urn = str(value[_NOUNS[edge]])
            if edge != "videos":
                await _put(http, credentials, str(value["uploadUrl"]), one)
                return urn
            opened = _Opened(
                urn=urn,
                token=str(value["uploadToken"]),
                parts=tuple(
                    (str(part["uploadUrl"]), int(part["firstByte"]), int(part["lastByte"]))
                    for part in value["uploadInstructions"]
                ),
            )
        await _fill(http, credentials, ask, one, opened)
        return urn


async def _fill(
    http: Http,
    credentials: Mapping[str, str],
    ask: Any,
    film: Attachment,
    opened: _Opened,
) -> None:
    time, tags = UploadTime(), []
    for url, first, last in opened.parts:
        if time.is_over:
            words = "The film could not be sent in the time that there is for it."
            raise Refused(ErrorClass.NETWORK, "UPLOAD_TOO_SLOW", words)
        piece = await piece_of(film, first, last - first + 1)
        answer = await _put(http, credentials, url, piece)
        tags.append(answer.headers.get("etag", "").strip('"'))
    wish = {"video": opened.urn, "uploadToken": opened.token, "uploadedPartIds": tags}
    await ask("POST", "/rest/videos?action=finalizeUpload", body={"finalizeUploadRequest": wish})


async def _put(http: Http, credentials: Mapping[str, str], url: str, file: Any) -> Answer:
    headers = {**bearing(credentials), "Content-Type": "application/octet-stream"}
    answer = await http.request("PUT", url, headers=headers, content=file)
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        raise about_a_file(error_of(answer, renewable=is_renewable(credentials)))
    return answer


async def _ask(
    http: Http,
    credentials: Mapping[str, str],
    headers: Mapping[str, str],
    method: str,
    path: str,
    *,
    body: Any = None,
) -> Mapping[str, Any]:
    answer = await http.request(
        method,
        f"{credentials['server']}{path}",
        headers={**bearing(credentials), **headers},
        json=body,
    )
    if answer.status != HTTPStatus.OK:
        raise about_a_file(error_of(answer, renewable=is_renewable(credentials)))
    if not answer.body:
        return {}
    with otherwise_malformed("LinkedIn's answer to an upload cannot be understood."):
        return dict(answer.json())
