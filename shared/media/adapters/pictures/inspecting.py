"""What a picture turns out to be."""

from datetime import timedelta
from pathlib import Path

from PIL import Image, ImageSequence

from shared.media.adapters.pictures.opening import opened
from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Facts
from shared.media.domain.refusals import moves_too_long
from shared.media.domain.signature import MediaFormat

ORIENTATION = 0x0112
UPRIGHT = 1
"""The values of that EXIF tag from 5 on turn the picture onto its side."""
_ON_ITS_SIDE = 5

_MOVING = {MediaFormat.GIF, MediaFormat.WEBP, MediaFormat.PNG, MediaFormat.AVIF}
_MOVING_PIXELS = 8
"""How many times as many pixels all pictures of an animation may have as a picture that stands."""

_AT_ONCE = 10
_USUALLY = timedelta(milliseconds=100)


def inspect_picture(path: Path, format_: MediaFormat, *, pixels: int) -> Facts:
    """Open it and read its header; of an animation, how long each of its pictures is shown.

    Raises:
        MediaRefused: `MEDIA_TOO_LARGE`, `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    with opened(path, format_, pixels=pixels) as image:
        frames = getattr(image, "n_frames", 1) if format_ in _MOVING else 1
        width, height = seen_size(image)
        if frames * width * height > _MOVING_PIXELS * pixels:
            raise moves_too_long(frames, pixels=_MOVING_PIXELS * pixels)
        return Facts(
            kind=MediaKind.ANIMATION if frames > 1 else MediaKind.IMAGE,
            format=format_,
            size=path.stat().st_size,
            width=width,
            height=height,
            has_alpha=has_alpha(image),
            frames=frames if frames > 1 else None,
            duration=_duration(image, format_) if frames > 1 else None,
        )


def orientation(image: Image.Image) -> int:
    found = image.getexif().get(ORIENTATION, UPRIGHT)
    return found if found in range(UPRIGHT, 9) else UPRIGHT


def seen_size(image: Image.Image) -> tuple[int, int]:
    """Width and height once it is upright."""
    width, height = image.size
    return (height, width) if orientation(image) >= _ON_ITS_SIDE else (width, height)


def has_alpha(image: Image.Image) -> bool:
    return image.has_transparency_data


def _duration(image: Image.Image, format_: MediaFormat) -> timedelta:
    """All frames together. Of WebP and AVIF a frame has to be decoded to tell."""
    shown = timedelta()
    for frame in ImageSequence.Iterator(image):
        if format_ in {MediaFormat.WEBP, MediaFormat.AVIF}:
            frame.load()
        shown += shown_for(frame)
    return shown


def shown_for(frame: Image.Image) -> timedelta:
    """How long browsers show one picture of an animation: what claims to be gone at once stays."""
    milliseconds = frame.info.get("duration", 0)
    return timedelta(milliseconds=milliseconds) if milliseconds > _AT_ONCE else _USUALLY
