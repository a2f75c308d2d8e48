"""Media at Mastodon: uploaded one by one, worked on by the server, then attached to a status.

Sources: docs.joinmastodon.org (methods/media, entities/Instance) and the source of
mastodon/mastodon (`MediaAttachment`, `Api::V2::MediaController`, `PostStatusService`).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus

from shared.channels.domain.mastodon.answers import error_of
from shared.channels.domain.media import Attachment, ImageRules, MediaRules, Shape, VideoRules
from shared.channels.domain.network_answers import (
    about_a_file,
    before_publishing,
    otherwise_malformed,
)
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.provider import Answer, Http, Pending
from shared.channels.domain.upload_time import UploadTime

_PICTURE_BYTES = 16 * 1024 * 1024
_PICTURE_SHAPE = Shape(max_width=5760, max_height=5760)  # the bound is their product

RULES = MediaRules(
    images=ImageRules(
        formats=("image/jpeg", "image/png", "image/webp"),
        max_bytes=_PICTURE_BYTES,
        shape=_PICTURE_SHAPE,
    ),
    animations=ImageRules(formats=("image/gif",), max_bytes=_PICTURE_BYTES, shape=_PICTURE_SHAPE),
    videos=VideoRules(
        formats=("video/mp4", "video/quicktime", "video/webm"),
        max_bytes=99 * 1024 * 1024,
        shape=Shape(max_width=2880, max_height=2880),  # the bound is their product
        max_duration=timedelta(hours=3),
        max_fps=120,
    ),
    max_images=4,
    max_animations=4,
    max_videos=1,
    max_items=4,
    alt_text_length=1500,
)
"""What a server takes, unless it says otherwise."""

_LOOKS_AGAIN = timedelta(seconds=5)


async def attached(
    http: Http,
    credentials: Mapping[str, str],
    attachments: Sequence[Attachment],
    progress: Mapping[str, str],
) -> list[str] | Pending:
    """The ids of what is attached, once the server has made all of it ready.

    What is attached to nothing is kept for a day, so what is gone is uploaded anew.

    Raises:
        Refused: nothing is published, whatever went wrong.
    """
    if not attachments and not progress:
        return []
    time = UploadTime()
    ids = [each for each in progress.get("media_ids", "").split(",") if each]
    with before_publishing():
        statuses = [await _status(http, credentials, each) for each in ids]
        if HTTPStatus.NOT_FOUND in statuses:
            ids, statuses = [], []
        for one in attachments[len(ids) :]:
            if ids and time.is_over:
                return _pending(ids, timedelta(0))
            answer = await _upload(http, credentials, one)
            ids.append(_id_of(answer))
            statuses.append(answer.status)
    return ids if {*statuses} <= {HTTPStatus.OK} else _pending(ids, _LOOKS_AGAIN)


def _pending(ids: Sequence[str], check_after: timedelta) -> Pending:
    return Pending(progress={"media_ids": ",".join(ids)}, check_after=check_after)


async def _status(http: Http, credentials: Mapping[str, str], identifier: str) -> int:
    """OK of what is ready, PARTIAL_CONTENT of what is not yet, NOT_FOUND of what is gone."""
    url = f"{credentials['instance']}/api/v1/media/{identifier}"
    answer = await http.request("GET", url, headers=bearing(credentials))
    if answer.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_FOUND}:
        raise about_a_file(error_of(answer))
    return answer.status


async def _upload(http: Http, credentials: Mapping[str, str], one: Attachment) -> Answer:
    answer = await http.request(
        "POST",
        f"{credentials['instance']}/api/v2/media",
        headers=bearing(credentials),
        form={"description": one.alt_text} if one.alt_text else {},
        files={"file": one, **({"thumbnail": one.cover} if one.cover else {})},
    )
    if answer.status not in {HTTPStatus.OK, HTTPStatus.ACCEPTED}:
        raise about_a_file(error_of(answer))
    return answer


def _id_of(answer: Answer) -> str:
    with otherwise_malformed("Mastodon answered without the file it was given."):
        return str(answer.json()["id"])
