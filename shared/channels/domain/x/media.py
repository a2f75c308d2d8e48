"""Media at X: pictures in one call each, what moves in segments; then attached to a post.

Sources: docs.x.com (`/2/media/upload` and its `initialize`, `append` and `finalize`, its status,
`/2/media/metadata`, best practices of media).

What is attached to nothing is gone after a day, so that uploading anew changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from http import HTTPStatus
from typing import Any

from shared.channels.domain.file_pieces import piece_of
from shared.channels.domain.media import (
    Attachment,
    File,
    ImageRules,
    MediaKind,
    MediaRules,
    Shape,
    VideoRules,
)
from shared.channels.domain.network_answers import (
    about_a_file,
    before_publishing,
    malformed,
    otherwise_malformed,
)
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.oauth_tokens import is_renewable
from shared.channels.domain.provider import ErrorClass, Http, Pending, Refused
from shared.channels.domain.upload_time import UploadTime
from shared.channels.domain.x.answers import error_of

_MEBIBYTE = 1024 * 1024
RULES = MediaRules(
    images=ImageRules(
        formats=("image/jpeg", "image/png", "image/webp"),
        max_bytes=5 * _MEBIBYTE,
        shape=Shape(min_width=4, min_height=4, max_width=8192, max_height=8192),
    ),
    animations=ImageRules(
        formats=("image/gif",),
        max_bytes=15 * _MEBIBYTE,
        shape=Shape(min_width=4, min_height=4, max_width=1280, max_height=1080),
    ),
    videos=VideoRules(
        formats=("video/mp4", "video/quicktime"),
        max_bytes=512 * _MEBIBYTE,
        shape=Shape(
            min_width=32,
            min_height=32,
            max_width=1920,
            max_height=1920,
            min_ratio=Fraction(1, 3),
            max_ratio=Fraction(3),
        ),
        min_duration=timedelta(milliseconds=500),
        max_duration=timedelta(seconds=140),
    ),
    max_images=4,
    max_animations=1,
    max_videos=1,
    max_items=4,
    alt_text_length=1000,
    without_alt_text=(MediaKind.VIDEO,),
)
_SEGMENT = 4 * _MEBIBYTE
_AT_ONCE = timedelta(0)
_LATER = timedelta(seconds=5)
_LONGEST_WAIT = 3600
_UPLOAD = "/2/media/upload"
_CATEGORIES = {
    MediaKind.IMAGE: "tweet_image",
    MediaKind.ANIMATION: "tweet_gif",
    MediaKind.VIDEO: "tweet_video",
}


async def attached(
    http: Http,
    credentials: Mapping[str, str],
    attachments: Sequence[Attachment],
    progress: Mapping[str, str],
) -> list[str] | Pending:
    """The ids of what is attached, once X has made all of it ready.

    Raises:
        Refused: nothing is published, whatever went wrong.
    """
    moving = [one for one in attachments if one.kind is not MediaKind.IMAGE]
    if moving and len(attachments) > 1:
        words = "X shows a film or an animation by itself."
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
    with before_publishing():
        if moving:
            return await _moving(http, credentials, moving[0], progress)
        return await _pictures(http, credentials, attachments, progress)


async def _pictures(
    http: Http,
    credentials: Mapping[str, str],
    pictures: Sequence[Attachment],
    progress: Mapping[str, str],
) -> list[str] | Pending:
    time = UploadTime()
    ids = [one for one in progress.get("media", "").split(",") if one]
    for one in pictures[len(ids) :]:
        if ids and time.is_over:
            return Pending(progress={"media": ",".join(ids)}, check_after=_AT_ONCE)
        form = {"media_category": _CATEGORIES[one.kind], "media_type": one.mime_type}
        made = await _call(http, credentials, "", form=form, files={"media": one})
        ids.append(_id_of(made))
        await _describe(http, credentials, ids[-1], one)
    return ids


async def _moving(
    http: Http, credentials: Mapping[str, str], one: Attachment, progress: Mapping[str, str]
) -> list[str] | Pending:
    """Opened, filled segment by segment, closed, then worked on."""
    time, identifier = UploadTime(), progress.get("film")
    if identifier and "segment" not in progress:
        return await _worked_on(http, credentials, identifier)
    if identifier is None:
        wish = {
            "media_type": one.mime_type,
            "total_bytes": one.size,
            "media_category": _CATEGORIES[one.kind],
        }
        identifier = _id_of(await _call(http, credentials, "/initialize", json=wish))
    first, segments = int(progress.get("segment", "0")), -(-one.size // _SEGMENT)
    for segment in range(first, segments):
        if segment > first and time.is_over:
            told = {"film": identifier, "segment": str(segment)}
            return Pending(progress=told, check_after=_AT_ONCE)
        piece = await piece_of(one, segment * _SEGMENT, _SEGMENT)
        form, files = {"segment_index": str(segment)}, {"media": piece}
        await _call(http, credentials, f"/{identifier}/append", form=form, files=files)
    made = await _call(http, credentials, f"/{identifier}/finalize")
    await _describe(http, credentials, identifier, one)
    return _ready(made, identifier)


async def _worked_on(
    http: Http, credentials: Mapping[str, str], identifier: str
) -> list[str] | Pending:
    answer = await http.request(
        "GET",
        f"{credentials['server']}{_UPLOAD}",
        headers=bearing(credentials),
        params={"command": "STATUS", "media_id": identifier},
    )
    if answer.status != HTTPStatus.OK:
        raise about_a_file(error_of(answer, renewable=is_renewable(credentials)))
    return _ready(_told(answer.json()), identifier)


def _ready(made: Mapping[str, Any], identifier: str) -> list[str] | Pending:
    """Where X says nothing of work, there is none to be done."""
    work = made.get("processing_info") or {"state": "succeeded"}
    match work.get("state"):
        case "succeeded":
            return [identifier]
        case "failed":
            words = str((work.get("error") or {}).get("message") or "X could not use the film.")
            raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
    asked = work.get("check_after_secs")
    wait = _LATER
    if isinstance(asked, int) and 0 < asked < _LONGEST_WAIT:
        wait = timedelta(seconds=asked)
    return Pending(progress={"film": identifier}, check_after=wait)


async def _describe(
    http: Http, credentials: Mapping[str, str], identifier: str, one: Attachment
) -> None:
    if not one.alt_text or one.kind is MediaKind.VIDEO:
        return
    answer = await http.request(
        "POST",
        f"{credentials['server']}/2/media/metadata",
        headers=bearing(credentials),
        json={"id": identifier, "metadata": {"alt_text": {"text": one.alt_text}}},
    )
    if answer.status != HTTPStatus.OK:
        raise about_a_file(error_of(answer, renewable=is_renewable(credentials)))


async def _call(
    http: Http,
    credentials: Mapping[str, str],
    step: str,
    *,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    files: Mapping[str, File] | None = None,
) -> Mapping[str, Any]:
    """What an upload is answered with; an appended segment may be answered with nothing."""
    answer = await http.request(
        "POST",
        f"{credentials['server']}{_UPLOAD}{step}",
        headers=bearing(credentials),
        json=json,
        form=form,
        files=files,
    )
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}:
        raise about_a_file(error_of(answer, renewable=is_renewable(credentials)))
    if step.endswith("/append"):
        return {}
    with otherwise_malformed("X's answer to an upload cannot be understood."):
        return _told(answer.json())


def _told(body: Any) -> Mapping[str, Any]:
    with otherwise_malformed("X's answer to an upload cannot be understood."):
        return dict(body["data"])


def _id_of(made: Mapping[str, Any]) -> str:
    identifier = made.get("id")
    if not isinstance(identifier, str) or not identifier.isdigit():
        raise malformed("X answered without the file it was given.")
    return identifier
