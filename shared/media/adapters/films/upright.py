"""How a film is held: phones record lying down, and tell players to turn it."""

from fractions import Fraction

from av.video.frame import VideoFrame
from av.video.stream import VideoStream

TURNS = {90: ("transpose", "cclock"), -90: ("transpose", "clock")}
"""Degrees counter-clockwise, and FFmpeg's filter that turns a picture so."""


def turn_of(frame: VideoFrame) -> int:
    """Degrees counter-clockwise by which it is to be turned: 0, 90, -90 or 180."""
    quarters = round(frame.rotation / 90) % 4
    return (0, 90, 180, -90)[quarters]


def squareness_of(stream: VideoStream) -> Fraction:
    """How many times as wide as high a pixel is shown."""
    told = stream.sample_aspect_ratio
    return told if told and Fraction(1, 10) < told < 10 else Fraction(1)  # noqa: PLR2004 else a lie


def seen_size(stream: VideoStream, frame: VideoFrame) -> tuple[int, int]:
    """Width and height as it is shown, in square pixels."""
    width, height = round(frame.width * squareness_of(stream)), frame.height
    return (height, width) if turn_of(frame) in TURNS else (width, height)
