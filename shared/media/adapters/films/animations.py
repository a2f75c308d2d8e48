"""The pictures of an animation as those of a film."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from av.video.frame import VideoFrame
from PIL import ImageSequence

from shared.media.adapters.films.frames import as_frame
from shared.media.adapters.pictures.colours import as_screens_show, on_white
from shared.media.adapters.pictures.inspecting import shown_for
from shared.media.adapters.pictures.opening import opened
from shared.media.domain.signature import MediaFormat

_MILLISECOND = Fraction(1, 1000)


def moving_pictures(
    path: Path, format_: MediaFormat, *, times: int, pixels: int
) -> Iterator[VideoFrame]:
    """One after the other, `times` over; the last once more, for how long it is shown.

    Raises:
        MediaRefused: it is damaged.
    """
    moment = 0
    for _ in range(times):
        with opened(path, format_, pixels=pixels) as image:
            for each in ImageSequence.Iterator(image):
                frame = as_frame(on_white(as_screens_show(each)))
                yield _at(frame, moment)
                moment += round(shown_for(each).total_seconds() * 1000)
    yield _at(frame, moment)


def _at(frame: VideoFrame, moment: int) -> VideoFrame:
    frame.pts, frame.time_base = moment, _MILLISECOND
    return frame
