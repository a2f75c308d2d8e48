"""A film of a gigabyte, as phones record them: few seconds, many bits."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream
from PIL import Image

from shared.media.adapters.films.frames import as_frame
from tests.films import silence

SIZE = 1000 * 1024 * 1024
"""Bytes that it has at least; it has a few more."""

_WIDTH, _HEIGHT = 1920, 1080
_FPS = 12
_PICTURES = 24
_GRAIN = 60.0
_RATE = 48_000


def long_film(path: Path) -> float:
    """Write it, its index at the end as recorders leave it; answers how many seconds it lasts.

    Each picture is another noise, so that nothing of it can be compressed away.
    """
    with av.open(str(path), "w", format="mp4") as out:
        picture = out.add_stream("libx264", rate=_FPS, width=_WIDTH, height=_HEIGHT)
        picture.pix_fmt = "yuv420p"
        picture.codec_context.options = {"preset": "ultrafast", "qp": "20", "g": str(_PICTURES)}
        sound = out.add_stream("aac", rate=_RATE, layout="stereo")
        noise = _noise(picture)
        turns = ceil(SIZE / sum(len(content) for content, _ in noise))
        for turn in range(turns):
            seconds = turn * _PICTURES / _FPS
            for number, content in enumerate(noise):
                out.mux(_at(content, picture, round(seconds * _FPS) + number))
            _hum(out, sound, seconds)
        out.mux(sound.encode(None))
    return turns * _PICTURES / _FPS


def _noise(stream: VideoStream) -> Sequence[tuple[bytes, bool]]:
    """Two seconds of it, encoded; of each picture whether one can begin with it."""
    found: list[Packet[Stream]] = []
    for number in range(_PICTURES):
        frame = as_frame(Image.effect_noise((_WIDTH, _HEIGHT), _GRAIN).convert("RGB"))
        frame.pts, frame.time_base = number, Fraction(1, _FPS)
        found += stream.encode(frame)
    return [(bytes(packet), packet.is_keyframe) for packet in [*found, *stream.encode(None)]]


def _at(told: tuple[bytes, bool], stream: VideoStream, number: int) -> "Packet[Stream]":
    content, is_key = told
    packet = Packet(content)
    packet.stream, packet.is_keyframe = stream, is_key
    packet.pts = packet.dts = number
    packet.duration, packet.time_base = 1, Fraction(1, _FPS)
    return packet


def _hum(out: av.container.OutputContainer, stream: AudioStream, seconds: float) -> None:
    first, last = (round(moment * _RATE / 1024) for moment in (seconds, seconds + _PICTURES / _FPS))
    for piece in range(first, last):
        out.mux(stream.encode(silence(piece * 1024)))
