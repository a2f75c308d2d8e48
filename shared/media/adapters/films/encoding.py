"""Films in H.264 and AAC, as networks take them: a picture at a time, in the bytes there may be."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from shared.media.adapters.films.filters import Filters
from shared.media.adapters.films.opening import opened, picture_of, sound_of, translated
from shared.media.adapters.films.upright import squareness_of
from shared.media.adapters.films.wrapping import HEADER_FIRST
from shared.media.domain.film_plans import SOUND_BIT_RATE
from shared.media.domain.plans import Encode
from shared.media.domain.refusals import MediaRefused, empty_film
from shared.media.domain.signature import MediaFormat

_SOUND_RATE = 48_000
_SILENCE = _SOUND_RATE // 10
_TRIES = 3
_LESS = 0.75
"""What is left of the bit rate where it came out too large."""
_QUALITY = "22"
_AHEAD = "4"
"""Pictures that are looked at before one is written; each of a large film takes 6 MB."""
_DECODING, _ENCODING = 2, 3
"""Pictures in work at once: as many as two cores can do with, however many there are."""

Moving = Callable[[], Iterator[VideoFrame]]
"""The pictures of an animation from its beginning, upright; each with its moment."""


def encode_film(
    source: Path, target: Path, format_: MediaFormat, plan: Encode, *, pixels: int, until: float
) -> None:
    """As planned; `until` is of the monotonic clock.

    Raises:
        MediaRefused: `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE` and the like; `MEDIA_TOO_MUCH_WORK`
            where it would take longer, `MEDIA_TOO_MANY_BYTES`.
    """
    _within_bytes(
        target,
        plan,
        lambda tried: _encode(source, target, format_, tried, pixels=pixels, until=until),
    )


def encode_animation(moving: Moving, target: Path, plan: Encode, *, until: float) -> None:
    """The same of pictures that were drawn.

    Raises:
        MediaRefused: as above.
    """

    def write(tried: Encode) -> None:
        with translated(), av.open(str(target), "w", format="mp4", options=HEADER_FIRST) as out:
            picture = _picture_stream(out, tried)
            _write_pictures(out, picture, moving(), tried, squareness=Fraction(1), until=until)

    _within_bytes(target, plan, write)


def _within_bytes(target: Path, plan: Encode, write: Callable[[Encode], None]) -> None:
    for _ in range(_TRIES):
        write(plan)
        if target.stat().st_size <= plan.max_bytes:
            return
        plan = replace(plan, bit_rate=int(plan.bit_rate * _LESS))
    raise MediaRefused(
        "MEDIA_TOO_MANY_BYTES", f"It cannot be made as small as {plan.max_bytes} bytes"
    )


def _encode(
    source: Path, target: Path, format_: MediaFormat, plan: Encode, *, pixels: int, until: float
) -> None:
    with (
        opened(source, format_) as film,
        av.open(str(target), "w", format="mp4", options=HEADER_FIRST) as out,
    ):
        seen = picture_of(film, pixels=pixels)
        seen.thread_type, seen.codec_context.thread_count = "AUTO", _DECODING
        heard = sound_of(film)
        picture = _picture_stream(out, plan)
        sound = _Sound(out) if heard is not None else None

        def pictures() -> Iterator[VideoFrame]:
            for packet in film.demux(*([seen] if heard is None else [seen, heard])):
                for frame in packet.decode():
                    if isinstance(frame, VideoFrame):
                        yield frame
                    elif sound is not None and isinstance(frame, AudioFrame):
                        sound.write(frame)

        _write_pictures(out, picture, pictures(), plan, squareness=squareness_of(seen), until=until)
        if sound is not None:
            sound.end()


def _picture_stream(out: OutputContainer, plan: Encode) -> VideoStream:
    width, height = plan.framing.canvas
    stream = out.add_stream("libx264", rate=plan.fps, width=width, height=height)
    stream.pix_fmt = "yuv420p"
    stream.codec_context.thread_count = _ENCODING
    stream.codec_context.options = {
        "preset": "veryfast",
        "rc-lookahead": _AHEAD,
        "crf": _QUALITY,
        "maxrate": str(plan.bit_rate),
        "bufsize": str(plan.bit_rate),
        "g": str(max(round(plan.fps * 2), 1)),  # networks cut films into pieces of two seconds
    }
    return stream


def _write_pictures(
    out: OutputContainer,
    stream: VideoStream,
    pictures: Iterable[VideoFrame],
    plan: Encode,
    *,
    squareness: Fraction,
    until: float,
) -> None:
    filters = None
    for frame in pictures:
        if time.monotonic() > until:
            raise MediaRefused("MEDIA_TOO_MUCH_WORK", "To make it fit takes longer than there is")
        if filters is None:
            filters = Filters(frame, squareness=squareness, framing=plan.framing, fps=plan.fps)
        _write(out, stream, filters.through(frame))
    if filters is None:
        raise empty_film()
    _write(out, stream, filters.through(None))
    out.mux(stream.encode(None))


def _write(out: OutputContainer, stream: VideoStream, frames: Iterable[VideoFrame]) -> None:
    for frame in frames:
        frame.pict_type = 0  # or where the source had its key pictures, this one gets them too
        out.mux(stream.encode(frame))


class _Sound:
    def __init__(self, out: OutputContainer) -> None:
        self._out = out
        self._stream: AudioStream = out.add_stream("aac", rate=_SOUND_RATE, layout="stereo")
        self._stream.bit_rate = SOUND_BIT_RATE
        self._resampler = AudioResampler(
            format="fltp", layout="stereo", rate=_SOUND_RATE, frame_size=1024
        )

        self._at = 0

    def write(self, frame: AudioFrame | None) -> None:
        """A piece of it; none at its end."""
        for piece in self._resampler.resample(frame):
            # Old formats stamp sound by the picture, back and forth; only silence is a real gap.
            moment = self._at if piece.time is None else round(piece.time * _SOUND_RATE)
            self._at = moment if moment - self._at > _SILENCE else self._at
            piece.pts, piece.time_base = self._at, Fraction(1, _SOUND_RATE)
            self._at += piece.samples
            self._out.mux(self._stream.encode(piece))

    def end(self) -> None:
        self.write(None)
        self._out.mux(self._stream.encode(None))
