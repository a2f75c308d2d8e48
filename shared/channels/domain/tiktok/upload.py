"""A video on its way to TikTok, in pieces (developers.tiktok.com: media transfer guide).

Pieces are of one size, in order, and the last takes what is left over. The address they are sent to
is good for an hour, for whoever knows it.
"""

import re
from http import HTTPStatus

from shared.channels.domain.file_pieces import PASSING, content_range, piece_of
from shared.channels.domain.media import Attachment
from shared.channels.domain.network_answers import about_a_file, before_publishing, malformed
from shared.channels.domain.provider import Answer, Http, Refused
from shared.channels.domain.tiktok.answers import error_of, has_code
from shared.channels.domain.upload_time import UploadTime

PIECE = 10_000_000
"""Bytes: five million at least where there are several."""

_GONE = frozenset(
    {
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    }
)
_RECEIVED = re.compile(r"bytes 0-([0-9]{1,12})/[0-9]{1,12}")


class UploadGone(Exception):
    """Its address is good no more, and what was sent there will never be published."""


def pieces_of(film: Attachment) -> tuple[int, int]:
    """The size of a piece, and how many there are."""
    return (PIECE, film.size // PIECE) if film.size >= PIECE else (film.size, 1)


async def upload(http: Http, address: str, film: Attachment, sent: int) -> bool:
    """Whether all has been sent; else some of it was, and the rest is for another attempt.

    The last piece publishes.

    Raises:
        UploadGone, Refused, Unanswered
    """
    time, had = UploadTime(), sent
    size, number = pieces_of(film)
    while sent < film.size:
        if time.is_over:
            return False
        is_last = sent // size >= number - 1
        piece = await piece_of(film, sent, film.size - sent if is_last else size)
        headers = {
            "Content-Range": content_range(sent, piece, film),
            "Content-Type": film.mime_type,
        }
        if is_last:
            answer = await http.request("PUT", address, headers=headers, content=piece)
            sent = _received(answer)
        else:
            try:
                with before_publishing():
                    answer = await http.request("PUT", address, headers=headers, content=piece)
                    sent = _received(answer)
            except Refused as refusal:
                if sent > had and refusal.error_class in PASSING:
                    return False
                raise
    return True


def _received(answer: Answer) -> int:
    if answer.status in {HTTPStatus.CREATED, HTTPStatus.PARTIAL_CONTENT}:
        got = _RECEIVED.fullmatch(answer.headers.get("content-range", ""))
        if got is None:
            raise malformed("TikTok does not say what it has received.")
        return int(got[1]) + 1
    error = error_of(answer, renewable=True)
    if has_code(answer):
        raise error
    if answer.status in _GONE:
        raise UploadGone
    raise about_a_file(error)
