"""Films opened by the one format they are of; nothing that they refer to is followed."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from shared.media.adapters.stripping.boxes import boxes
from shared.media.domain.refusals import (
    MediaRefused,
    empty_film,
    too_large,
    truncated,
    unreadable,
)
from shared.media.domain.signature import MediaFormat

logger = logging.getLogger(__name__)

FILM_PIXELS = 36_000_000
"""Those of 8K; more have decoders keep gigabytes of reference pictures (H.264, level 6.2)."""

_OPENED_AS = {MediaFormat.MP4: "mov", MediaFormat.MOV: "mov", MediaFormat.AVI: "avi"}
_OURS = {errno.ENOENT, errno.ENOSPC, errno.EACCES, errno.EIO, errno.ENOMEM, errno.EMFILE}
_RIFF_HEADER = 12


@contextmanager
def opened(path: Path, format_: MediaFormat) -> Iterator[InputContainer]:
    """A film whose header is read; what goes wrong with its content comes out as a refusal.

    Raises:
        MediaRefused: `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    with path.open("rb") as file:
        _demand_whole(file, format_, path.stat().st_size)
    with (
        translated(),
        av.open(
            str(path),
            format=_OPENED_AS[format_],
            container_options={"protocol_whitelist": "file"},
            metadata_errors="replace",
        ) as film,
    ):
        yield film


@contextmanager
def translated() -> Iterator[None]:
    """Damage as a refusal; a full disk is not the film's fault."""
    try:
        yield
    except (av.FFmpegError, ValueError, IndexError, OverflowError) as error:
        if isinstance(error, MediaRefused):
            raise
        if isinstance(error, OSError) and error.errno in _OURS:
            raise
        logger.info("film_refused", extra={"reason": type(error).__name__})
        raise (truncated() if isinstance(error, EOFError) else unreadable()) from error


def picture_of(film: InputContainer, *, pixels: int) -> VideoStream:
    """The stream that is seen, which is no cover of a song.

    Raises:
        MediaRefused: `MEDIA_EMPTY`, `MEDIA_TOO_LARGE`, `MEDIA_UNREADABLE`.
    """
    for stream in film.streams.video:
        if stream.disposition & Disposition.attached_pic:
            continue
        if not _is_known(stream):
            raise unreadable()
        width, height = stream.width, stream.height
        if width * height > min(pixels, FILM_PIXELS):
            raise too_large(width, height, pixels=min(pixels, FILM_PIXELS))
        return stream
    raise empty_film()


def sound_of(film: InputContainer) -> AudioStream | None:
    """The first stream that is heard, if anybody knows how it is written."""
    return next((stream for stream in film.streams.audio if _is_known(stream)), None)


def _is_known(stream: Stream) -> bool:
    # PyAV has nothing here for codecs that it has no decoder of, whatever its types say.
    codec: object | None = stream.codec_context
    return codec is not None


def _demand_whole(file: BinaryIO, format_: MediaFormat, size: int) -> None:
    """Decoders show what is there and pass over what is missing, so its structure has to tell."""
    if format_ is MediaFormat.AVI:
        file.seek(0)
        header = file.read(_RIFF_HEADER)
        if int.from_bytes(header[4:8], "little") + 8 > size:
            raise truncated()
        return
    for _ in boxes(file, 0, size):
        pass
