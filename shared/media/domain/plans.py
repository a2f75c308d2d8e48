"""What is to be done with a file so that a network takes it, or why nothing can be done.

MEDIA_KIND_NOT_TAKEN   the network takes no such files
MEDIA_TOO_LONG         a film lasts too long, or an animation as a film: nothing is cut off silently
MEDIA_TOO_SHORT        or not long enough
MEDIA_TOO_SMALL        it would have to be enlarged beyond recognition, or has an impossible shape
MEDIA_TOO_MANY_BYTES   it has too many, and nothing but a loss nobody wants would make them fewer
MEDIA_TOO_MANY_PAGES   a document has: none is left out silently
"""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Facts
from shared.media.domain.framing import Framing
from shared.media.domain.rules import Shape
from shared.media.domain.signature import MediaFormat


@dataclass(frozen=True, kw_only=True)
class AsItIs:
    """The file that is kept is handed over."""


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A picture, of an animation the first one, in the first of `framings` that `max_bytes` allow.

    They go from the largest to the smallest.
    """

    format: MediaFormat
    framings: tuple[Framing, ...]
    max_bytes: int


@dataclass(frozen=True, kw_only=True)
class Animate:
    """A GIF, each of its pictures drawn anew as in `Draw`."""

    framings: tuple[Framing, ...]
    max_bytes: int


@dataclass(frozen=True, kw_only=True)
class Wrap:
    """The film as it is encoded, in an MP4 file."""

    max_bytes: int


@dataclass(frozen=True, kw_only=True)
class Encode:
    """A film in H.264 and AAC; `bit_rate`, bits a second, bounds its pictures' alone.

    An animation is shown `times` over, so that it lasts as long as a film has to.
    """

    framing: Framing
    fps: Fraction
    bit_rate: int
    max_bytes: int
    kind: MediaKind
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Unfit:
    """It cannot be made to fit, and why, for whoever has to choose another."""

    code: str
    words: str


Plan = AsItIs | Draw | Animate | Wrap | Encode | Unfit


def not_taken(kind: MediaKind) -> Unfit:
    return Unfit(code="MEDIA_KIND_NOT_TAKEN", words=f"No {kind} of this format is taken here")


def too_small(facts: Facts, shape: Shape) -> Unfit:
    width, height = facts.seen
    return Unfit(
        code="MEDIA_TOO_SMALL",
        words=f"{width} by {height} pixels cannot become {shape.min_width} by {shape.min_height}"
        " or more in a shape that is taken here",
    )


def too_long(duration: timedelta, most: timedelta) -> Unfit:
    return Unfit(
        code="MEDIA_TOO_LONG",
        words=f"It lasts {_seconds(duration)} seconds; up to {_seconds(most)} are taken here",
    )


def too_short(duration: timedelta, least: timedelta) -> Unfit:
    return Unfit(
        code="MEDIA_TOO_SHORT",
        words=f"It lasts {_seconds(duration)} seconds; at least {_seconds(least)} are taken here",
    )


def too_many_bytes(size: int, most: int) -> Unfit:
    return Unfit(
        code="MEDIA_TOO_MANY_BYTES",
        words=f"It has {size} bytes; {most} are taken here, and it cannot be made that small",
    )


def too_many_pages(pages: int, most: int) -> Unfit:
    return Unfit(
        code="MEDIA_TOO_MANY_PAGES", words=f"It has {pages} pages; up to {most} are taken here"
    )


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():.1f}".removesuffix(".0")
