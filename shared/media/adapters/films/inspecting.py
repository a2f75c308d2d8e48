"""What a film turns out to be."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from shared.media.adapters.films.opening import opened, picture_of, sound_of
from shared.media.adapters.films.upright import seen_size
from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Codecs, Facts
from shared.media.domain.refusals import empty_film
from shared.media.domain.signature import MediaFormat

_NAMES = {"mp3float": "mp3", "ac3_fixed": "ac3", "libdav1d": "av1"}
"""Decoders that go by other names than what they decode."""


def inspect_film(path: Path, format_: MediaFormat, *, pixels: int) -> Facts:
    """Open it and look at its first picture.

    Raises:
        MediaRefused: `MEDIA_EMPTY`, `MEDIA_TOO_LARGE`, `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    with opened(path, format_) as film:
        picture = picture_of(film, pixels=pixels)
        sound = sound_of(film)
        width, height = seen_size(picture, first_frame(film, picture))
        duration = _duration(film, picture)
        return Facts(
            kind=MediaKind.VIDEO,
            format=format_,
            size=path.stat().st_size,
            width=width,
            height=height,
            duration=duration,
            fps=_fps(picture, duration),
            has_audio=sound is not None,
            codecs=Codecs(
                picture=_name(picture.codec_context.name),
                pixels=picture.codec_context.pix_fmt or "",
                sound=None if sound is None else _name(sound.codec_context.name),
            ),
        )


def first_frame(film: InputContainer, picture: VideoStream) -> VideoFrame:
    frame = next(film.decode(picture), None)
    if frame is None:
        raise empty_film()
    return frame


def _name(codec: str) -> str:
    return _NAMES.get(codec, codec)


def _duration(film: InputContainer, picture: VideoStream) -> timedelta:
    """As its header has it; where that has nothing, as its last picture has it."""
    if film.duration and film.duration > 0:
        return timedelta(microseconds=film.duration)
    film.seek(0)
    last = Fraction(0)
    for packet in film.demux(picture):
        if packet.pts is not None and packet.time_base is not None:
            last = max(last, (packet.pts + (packet.duration or 0)) * packet.time_base)
    if last <= 0:
        raise empty_film()
    return timedelta(seconds=float(last))


def _fps(picture: VideoStream, duration: timedelta) -> Fraction:
    told = picture.average_rate or picture.guessed_rate
    if told:
        return Fraction(told)
    counted = picture.frames or 1
    return Fraction(counted / duration.total_seconds()).limit_denominator(1000)
