"""Films made for tests: a red square that wanders over blue, and a hum."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PIL import Image, ImageDraw

from shared.media.adapters.films.frames import as_frame
from tests.pictures import BLUE, RED, SECRET

_RATE = 48_000


def film(
    path: Path,
    *,
    seconds: float = 1.0,
    width: int = 128,
    height: int = 72,
    fps: int = 10,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    sound: str | None = "aac",
    rotation: int = 0,
    moments: Sequence[int] | None = None,
    container: str | None = None,
    options: dict[str, str] | None = None,
    tag: str | None = None,
) -> Path:
    """`rotation` in degrees counter-clockwise, as players turn it; `moments`, in milliseconds, are
    when its pictures are shown where that is not evenly."""
    with av.open(str(path), "w", format=container) as out:
        out.metadata["title"] = SECRET
        out.metadata["location"] = "+51.5000-000.1000/"
        rate = fps if moments is None else 1000
        stream = out.add_stream(codec, rate=rate, width=width, height=height, options=options)
        assert isinstance(stream, VideoStream)
        stream.pix_fmt = pixels
        if tag:
            stream.codec_context.codec_tag = tag
        if rotation:
            stream.set_display_rotation(rotation)
        hum = out.add_stream(sound, rate=_RATE, layout="stereo") if sound else None
        assert hum is None or isinstance(hum, AudioStream)
        count = len(moments) if moments is not None else round(seconds * fps)
        for number in range(count):
            frame = as_frame(_picture(width, height, number))
            frame.pts = number if moments is None else moments[number]
            frame.time_base = Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if hum is not None:
            for start in range(0, int(seconds * _RATE), 1024):
                out.mux(hum.encode(silence(start)))
            out.mux(hum.encode(None))
    return path


def _picture(width: int, height: int, number: int) -> Image.Image:
    image = Image.new("RGB", (width, height), BLUE)
    side = max(min(width, height) // 4, 1)
    left = number * 7 % max(width - side, 1)
    ImageDraw.Draw(image).rectangle((left, 0, left + side, side), fill=RED)
    return image


def silence(start: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.sample_rate = _RATE
    frame.pts = start
    frame.time_base = Fraction(1, _RATE)
    return frame
