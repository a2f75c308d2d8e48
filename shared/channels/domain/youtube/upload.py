"""Uploading to YouTube: a session that takes a file in pieces and remembers how far it is.

Source: developers.google.com/youtube/v3/guides/using_resumable_upload_protocol. Whoever knows the
address of a session may go on with it, for a week; no token is shown to it, wherever it is.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from shared.channels.domain.file_pieces import PASSING, Piece, content_range, piece_of
from shared.channels.domain.media import Attachment
from shared.channels.domain.network_answers import before_publishing, malformed
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.oauth_tokens import is_renewable
from shared.channels.domain.provider import Answer, Http, Publication, Refused
from shared.channels.domain.upload_time import UploadTime
from shared.channels.domain.youtube.answers import error_of
from shared.channels.domain.youtube.video import THUMBNAIL_MAXIMUM, video_of

PIECE = 8 * 1024 * 1024
"""Pieces are multiples of 256 KiB, but for the last."""

_DONE = frozenset({HTTPStatus.OK, HTTPStatus.CREATED})
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_RECEIVED = re.compile(r"bytes=0-([0-9]{1,15})")


PATH = "/upload/youtube/v3/videos"


class SessionGone(Exception):
    """It is not known any more, be it for its age."""


async def session_for(
    http: Http, credentials: Mapping[str, str], publication: Publication, film: Attachment
) -> str:
    """The address of a new session; nothing is published by it.

    Raises:
        Refused
    """
    params = {"uploadType": "resumable", "part": "snippet,status"}
    if publication.settings.get("notifySubscribers") is False:
        params["notifySubscribers"] = "false"
    with before_publishing():
        answer = await http.request(
            "POST",
            f"{credentials['server']}{PATH}",
            headers={
                **bearing(credentials),
                "X-Upload-Content-Length": str(film.size),
                "X-Upload-Content-Type": film.mime_type,
            },
            params=params,
            json=video_of(publication),
        )
        if answer.status != HTTPStatus.OK:
            raise error_of(answer, renewable=is_renewable(credentials))
        session = answer.headers.get("location", "")
        if not session.startswith(("https://", f"{credentials['server']}/")):
            raise malformed("YouTube answered without a session to upload in.")
    return session


async def received(http: Http, session: str, film: Attachment) -> int | dict[str, Any]:
    """How many bytes a session has; or the video, once it has them all.

    Raises:
        SessionGone, Refused, Unanswered
    """
    answer = await http.request(
        "PUT", session, headers={"Content-Range": f"bytes */{film.size}"}, content=b""
    )
    return _outcome(answer)


async def upload(http: Http, session: str, film: Attachment) -> dict[str, Any] | None:
    """The video; nothing where the rest of it is for another attempt. The last piece publishes.

    Raises:
        SessionGone, Refused, Unanswered
    """
    time = UploadTime()
    with before_publishing():
        outcome = await received(http, session, film)
    had = outcome
    while isinstance(outcome, int):
        if time.is_over:
            return None
        piece = await piece_of(film, outcome, PIECE)
        headers = {"Content-Range": content_range(outcome, piece, film)}
        if outcome + piece.size == film.size:
            outcome = await _sent(http, session, headers, piece)
            continue
        try:
            with before_publishing():
                outcome = await _sent(http, session, headers, piece)
        except Refused as refusal:
            if outcome != had and refusal.error_class in PASSING:
                return None
            raise
    return outcome


async def _sent(
    http: Http, session: str, headers: Mapping[str, str], piece: Piece
) -> int | dict[str, Any]:
    return _outcome(await http.request("PUT", session, headers=headers, content=piece))


def _outcome(answer: Answer) -> int | dict[str, Any]:
    if answer.status in _DONE:
        return _video(answer)
    if answer.status == HTTPStatus.PERMANENT_REDIRECT:
        got = _RECEIVED.fullmatch(answer.headers.get("range", "").replace(" ", ""))
        return int(got[1]) + 1 if got else 0
    if answer.status in _GONE:
        raise SessionGone
    raise error_of(answer, renewable=True)


def _video(answer: Answer) -> dict[str, Any]:
    try:
        video = answer.json()
        if re.fullmatch(r"[\w-]{5,40}", video["id"]):
            return dict(video)
    except (KeyError, TypeError, ValueError):
        pass
    raise malformed("YouTube answered without the video it made.")


async def set_thumbnail(
    http: Http, credentials: Mapping[str, str], identifier: str, cover: Attachment
) -> None:
    """Show this picture for a video, where it is one that YouTube takes."""
    if cover.size <= THUMBNAIL_MAXIMUM:
        await http.request(
            "POST",
            f"{credentials['server']}/upload/youtube/v3/thumbnails/set",
            headers={**bearing(credentials), "Content-Type": cover.mime_type},
            params={"videoId": identifier, "uploadType": "media"},
            content=cover,
        )
