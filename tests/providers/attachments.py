"""Pictures, films and documents made on the fly, each as the rules of a network want it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from functools import cache
from io import BytesIO
from math import ceil
from uuid import uuid4

import av
from PIL import Image

from shared.channels.domain.media import (
    Attachment,
    DocumentRules,
    ImageRules,
    MediaKind,
    MediaRules,
    Shape,
    VideoRules,
)
from shared.channels.domain.provider import ErrorClass, Refused
from tests.providers import file_host

_SIDE = 320
_COLOURS = ("crimson", "teal", "gold", "indigo", "olive", "salmon", "navy", "plum", "khaki")
_PILLOW = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}


@dataclass(frozen=True)
class Bytes:
    """A file in the store."""

    data: bytes

    async def read(self, start: int, length: int) -> bytes:
        return self.data[start : start + length]

    async def pieces(self, length: int) -> AsyncIterator[bytes]:
        for start in range(0, len(self.data), length):
            yield self.data[start : start + length]


class Gone:
    """A file that has vanished from the store."""

    async def read(self, start: int, length: int) -> bytes:
        raise _gone()

    async def pieces(self, length: int) -> AsyncIterator[bytes]:
        raise _gone()
        yield b""


def _gone() -> Refused:
    return Refused(ErrorClass.MEDIA, "MEDIA_UNAVAILABLE", "The file is gone")


def kinds(rules: MediaRules) -> list[MediaKind]:
    """Those of which the network takes at least one."""
    return [kind for kind in MediaKind if most(rules, kind)]


def most(rules: MediaRules, kind: MediaKind) -> int:
    """How many of a kind it takes, with nothing else."""
    return min(rules.max_items, _most_of(rules)[kind])


def _most_of(rules: MediaRules) -> dict[MediaKind, int]:
    return {
        MediaKind.IMAGE: rules.max_images if rules.images else 0,
        MediaKind.ANIMATION: rules.max_animations if rules.animations else 0,
        MediaKind.VIDEO: rules.max_videos if rules.videos else 0,
        MediaKind.DOCUMENT: rules.max_documents if rules.documents else 0,
    }


def attachment(
    rules: MediaRules, kind: MediaKind, *, number: int = 0, alt_text: str = ""
) -> Attachment:
    """One that obeys the rules; another one for each number below 9."""
    match kind:
        case MediaKind.IMAGE if rules.images:
            made = picture(rules.images, number=number)
        case MediaKind.ANIMATION if rules.animations:
            made = animation(rules.animations, number=number)
        case MediaKind.VIDEO if rules.videos:
            made = film(rules.videos, number=number)
        case MediaKind.DOCUMENT if rules.documents:
            made = document(rules.documents, number=number)
        case _:
            raise AssertionError(f"the rules take no {kind}")
    return replace(made, alt_text=alt_text)


def picture(rules: ImageRules, *, number: int = 0) -> Attachment:
    width, height = _size(rules.shape)
    mime_type = rules.formats[0]
    data = _picture(width, height, mime_type, number)
    return _attachment(MediaKind.IMAGE, data, mime_type, width=width, height=height)


def animation(rules: ImageRules, *, number: int = 0) -> Attachment:
    """A GIF, or the film that a network takes in its place."""
    width, height = _size(rules.shape)
    if rules.formats[0] == "video/mp4":
        data = _film(width, height, 24, timedelta(seconds=1), number)
        return _attachment(MediaKind.ANIMATION, data, "video/mp4", width=width, height=height)
    data = _animation(width, height, number)
    return _attachment(MediaKind.ANIMATION, data, "image/gif", width=width, height=height)


def film(rules: VideoRules, *, number: int = 0) -> Attachment:
    """As short as it may be, and silent, though it has a track for sound."""
    width, height = _size(rules.shape)
    fps = min(max(24, rules.min_fps), rules.max_fps)
    duration = min(max(timedelta(seconds=1), rules.min_duration), rules.max_duration)
    data = _film(width, height, fps, duration, number)
    made = _attachment(MediaKind.VIDEO, data, "video/mp4", width=width, height=height)
    return replace(made, duration=duration)


def document(_: DocumentRules, *, number: int = 0) -> Attachment:
    return _attachment(MediaKind.DOCUMENT, _document(number), "application/pdf")


def gone(one: Attachment) -> Attachment:
    """The same, as long as nobody wants to read it."""
    return replace(one, content=Gone(), url=file_host.missing())


def garbage(one: Attachment) -> Attachment:
    """What says that it is such a file, and is none."""
    data = b"This is no picture, whatever it says of itself. " * 40
    return replace(
        one,
        content=Bytes(data),
        size=len(data),
        url=file_host.address(data, one.mime_type, one.name),
    )


def _attachment(
    kind: MediaKind,
    data: bytes,
    mime_type: str,
    *,
    width: int | None = None,
    height: int | None = None,
) -> Attachment:
    name = f"{uuid4().hex[:8]}.{mime_type.rpartition('/')[2].replace('jpeg', 'jpg')}"
    return Attachment(
        kind=kind,
        mime_type=mime_type,
        size=len(data),
        name=name,
        content=Bytes(data),
        url=file_host.address(data, mime_type, name),
        width=width,
        height=height,
    )


def _size(shape: Shape) -> tuple[int, int]:
    """Small, and of even sides, as films must have them."""
    ratio = Fraction(4, 3)
    if shape.max_ratio is not None:
        ratio = min(ratio, shape.max_ratio)
    if shape.min_ratio is not None:
        ratio = max(ratio, shape.min_ratio)
    least = max(
        Fraction(max(shape.min_width, min(_SIDE, shape.max_width or _SIDE)), ratio.numerator),
        Fraction(shape.min_height, ratio.denominator),
    )
    times = 2 * ceil(least / 2)
    return ratio.numerator * times, ratio.denominator * times


@cache
def _picture(width: int, height: int, mime_type: str, number: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), _COLOURS[number]).save(file, _PILLOW[mime_type])
    return file.getvalue()


@cache
def _animation(width: int, height: int, number: int) -> bytes:
    file = BytesIO()
    first, second = (
        Image.new("RGB", (width, height), _COLOURS[one % len(_COLOURS)])
        for one in (number, number + 1)
    )
    first.save(file, "GIF", save_all=True, append_images=[second], duration=200, loop=0)
    return file.getvalue()


@cache
def _film(width: int, height: int, fps: int, duration: timedelta, number: int) -> bytes:
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        pictures = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        pictures.width, pictures.height, pictures.pix_fmt = width, height, "yuv420p"
        sound = container.add_stream("aac", rate=44100, layout="mono")
        still = Image.new("RGB", (width, height), _COLOURS[number])
        for _ in range(ceil(duration.total_seconds() * fps)):
            frame = av.VideoFrame.from_image(still)  # type: ignore[no-untyped-call]
            container.mux(pictures.encode(frame))
        for start in range(0, ceil(duration.total_seconds() * 44100), 1024):
            silence = av.AudioFrame(format="fltp", layout="mono", samples=1024)
            for plane in silence.planes:
                plane.update(bytes(plane.buffer_size))
            silence.sample_rate, silence.pts = 44100, start
            container.mux(sound.encode(silence))
        container.mux(pictures.encode())
        container.mux(sound.encode())
    return file.getvalue()


@cache
def _document(number: int) -> bytes:
    """A page with nothing on it, and a table of where its objects begin."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d 842]>>" % (595 + number),
    )
    data, begins = b"%PDF-1.4\n", []
    for place, each in enumerate(objects, start=1):
        begins.append(len(data))
        data += b"%d 0 obj%sendobj\n" % (place, each)
    table = len(data)
    data += b"xref\n0 4\n0000000000 65535 f \n"
    data += b"".join(b"%010d 00000 n \n" % each for each in begins)
    return data + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table
