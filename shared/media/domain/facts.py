"""What a file turns out to be once it is opened."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from shared.media.domain.asset import MediaKind
from shared.media.domain.signature import MediaFormat


@dataclass(frozen=True, kw_only=True)
class Codecs:
    """How a film is written, in FFmpeg's words; `sound` is nothing where it is silent."""

    picture: str
    pixels: str
    sound: str | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`size` in bytes; `width` and `height` in pixels, as it is seen: upright, its pixels square.

    `duration` is of films and animations, `frames` of animations and `fps`, frames a second on
    average, of films; so are `codecs`. A document has `pages` and none of them.
    """

    kind: MediaKind
    format: MediaFormat
    size: int
    width: int | None = None
    height: int | None = None
    duration: timedelta | None = None
    fps: Fraction | None = None
    frames: int | None = None
    pages: int | None = None
    has_alpha: bool = False
    has_audio: bool = False
    codecs: Codecs | None = None

    @property
    def seen(self) -> tuple[int, int]:
        """Width and height of what has them."""
        assert self.width is not None
        assert self.height is not None
        return self.width, self.height

    @property
    def milliseconds(self) -> int | None:
        return None if self.duration is None else round(self.duration.total_seconds() * 1000)
