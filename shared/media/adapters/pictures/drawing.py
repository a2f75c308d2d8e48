"""Pictures drawn anew: cut, scaled, laid on a ground, and written in the bytes there may be."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from shared.media.adapters.pictures.colours import as_screens_show, on_white
from shared.media.adapters.pictures.inspecting import shown_for
from shared.media.adapters.pictures.opening import opened
from shared.media.domain.framing import Framing
from shared.media.domain.plans import Animate, Draw
from shared.media.domain.refusals import MediaRefused
from shared.media.domain.signature import MediaFormat

_QUALITIES = (88, 80, 70, 60)
"""Tried before a picture is made smaller; what is worse than the last shows."""
_GROUND = {"RGB": (255, 255, 255), "RGBA": (255, 255, 255, 0)}


def draw(path: Path, format_: MediaFormat, plan: Draw, *, pixels: int) -> bytes:
    """The picture as planned, of an animation the first one.

    Raises:
        MediaRefused: `MEDIA_TOO_MANY_BYTES`, and whatever a damaged file is refused for.
    """
    with opened(path, format_, pixels=pixels) as image:
        whole = plan.framings[0]
        if whole.crop == image.size:
            image.draft(None, whole.content)
        seen = upright_on_screen(image)
        for framing in plan.framings:
            framed = frame(seen, framing)
            for content in _written(framed, plan.format):
                if len(content) <= plan.max_bytes:
                    return content
    raise _too_many(plan.max_bytes)


def animate(path: Path, format_: MediaFormat, plan: Animate, *, pixels: int) -> bytes:
    """A GIF as planned.

    Raises:
        MediaRefused: as above.
    """
    for framing in plan.framings:
        with opened(path, format_, pixels=pixels) as image:
            frames, moments = [], []
            for each in ImageSequence.Iterator(image):
                frames.append(frame(as_screens_show(each), framing).convert("RGBA").quantize(255))
                moments.append(round(shown_for(each).total_seconds() * 1000))
        file = BytesIO()
        frames[0].save(
            file,
            "GIF",
            save_all=True,
            append_images=frames[1:],
            duration=moments,
            loop=0,
            disposal=2,
        )
        if file.tell() <= plan.max_bytes:
            return file.getvalue()
    raise _too_many(plan.max_bytes)


def upright_on_screen(image: Image.Image) -> Image.Image:
    return as_screens_show(ImageOps.exif_transpose(image))


def frame(image: Image.Image, framing: Framing) -> Image.Image:
    """`image` may have been decoded smaller than it is: then the frame is as much smaller."""
    scaled = image
    if framing.crop != image.size and not _is_reduced(image, framing):
        left = (image.width - framing.crop[0]) // 2
        top = (image.height - framing.crop[1]) // 2
        box = (left, top, left + framing.crop[0], top + framing.crop[1])
        scaled = image.crop(box)
    if scaled.size != framing.content:
        scaled = scaled.resize(framing.content, Image.Resampling.LANCZOS)
    if framing.canvas == framing.content:
        return scaled
    canvas = Image.new(scaled.mode, framing.canvas, _GROUND[scaled.mode])
    place = tuple(
        (whole - part) // 2 for whole, part in zip(framing.canvas, framing.content, strict=True)
    )
    canvas.paste(scaled, (place[0], place[1]))
    return canvas


def _is_reduced(image: Image.Image, framing: Framing) -> bool:
    """Only what is not cut is decoded smaller."""
    return image.width < framing.crop[0] and image.height < framing.crop[1]


def _written(image: Image.Image, format_: MediaFormat) -> Iterator[bytes]:
    """Of less and less quality."""
    ways: list[dict[str, Any]] = [{"quality": quality} for quality in _QUALITIES]
    if format_ is MediaFormat.PNG:
        ways = [{"optimize": True}]
    elif format_ is MediaFormat.JPEG:
        image = on_white(image)
    for how in ways:
        file = BytesIO()
        image.save(file, format_.removeprefix("image/").upper(), **how)
        yield file.getvalue()


def _too_many(max_bytes: int) -> MediaRefused:
    return MediaRefused("MEDIA_TOO_MANY_BYTES", f"It cannot be made as small as {max_bytes} bytes")
