"""Thumbnails, blurhash and dominant colour of a film: of a picture a little way into it."""

from itertools import islice
from pathlib import Path

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from shared.media.adapters.films.frames import as_image
from shared.media.adapters.films.inspecting import first_frame
from shared.media.adapters.films.opening import opened, picture_of
from shared.media.adapters.films.upright import seen_size, turn_of
from shared.media.adapters.pictures.previewing import preview_of
from shared.media.domain.preview import Preview
from shared.media.domain.signature import MediaFormat

_INTO_IT = 0.1
"""Of its length: films begin in the dark."""
_MOST = 60
"""Pictures that are decoded for it."""
_LARGEST = 2160
"""Pixels of a side beyond which a picture is made smaller before its colours are looked at."""


def preview_film(path: Path, format_: MediaFormat, *, pixels: int) -> Preview:
    """Decode one picture.

    Raises:
        MediaRefused: `MEDIA_EMPTY`, `MEDIA_TOO_LARGE`, `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    with opened(path, format_) as film:
        picture = picture_of(film, pixels=pixels)
        return preview_of(_upright(picture, _frame(film, picture)))


def _frame(film: InputContainer, picture: VideoStream) -> VideoFrame:
    """The one at that place, or as near to it as can be had soon; the very first otherwise."""
    length = film.duration or 0
    film.seek(int(length * _INTO_IT))
    found = None
    for frame in islice(film.decode(picture), _MOST):
        found = frame
        if frame.time is None or frame.time * 1_000_000 >= length * _INTO_IT:
            break
    if found is None:
        film.seek(0)
        found = first_frame(film, picture)
    return found


def _upright(picture: VideoStream, frame: VideoFrame) -> Image.Image:
    turn = turn_of(frame)
    width, height = seen_size(picture, frame)
    scale = min(_LARGEST / max(width, height), 1)
    seen = max(round(width * scale), 1), max(round(height * scale), 1)
    held = seen if turn in {0, 180} else seen[::-1]
    image = as_image(frame.reformat(width=held[0], height=held[1], format="rgb24"))
    return image.rotate(turn, expand=True)
