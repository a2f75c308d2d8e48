"""Pictures made for tests: with what cameras leave in them, and in every format."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from pillow_heif import register_heif_opener

from shared.media.domain.signature import MediaFormat

register_heif_opener()

RED, GREEN, BLUE = (230, 20, 30), (20, 200, 40), (30, 40, 220)
SECRET = "Ada's camera at 51.5N"
SAVED_AS = {
    MediaFormat.PNG: "PNG",
    MediaFormat.JPEG: "JPEG",
    MediaFormat.WEBP: "WEBP",
    MediaFormat.GIF: "GIF",
    MediaFormat.AVIF: "AVIF",
    MediaFormat.HEIC: "HEIF",
}


def drawing(
    width: int = 96, height: int = 64, *, mode: str = "RGB", ground: Any = BLUE
) -> Image.Image:
    """Blue, its upper left quarter red."""
    image = Image.new("RGB", (width, height), ground)
    ImageDraw.Draw(image).rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=RED)
    return image.convert(mode)


def exif(*, orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = SECRET
    tags.get_ifd(0x8825)[1] = "N"
    tags.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    return tags.tobytes()


def picture(
    format_: MediaFormat, image: Image.Image | None = None, *, orientation: int = 1, **how: Any
) -> bytes:
    """With EXIF, GPS included, where the format has a place for it, and a comment in a GIF."""
    file = BytesIO()
    if format_ is MediaFormat.GIF:
        how = {"comment": SECRET.encode(), **how}
    else:
        how = {"exif": exif(orientation=orientation), **how}
    (image or drawing()).save(file, SAVED_AS[format_], **how)
    return file.getvalue()


def animation(
    format_: MediaFormat = MediaFormat.GIF,
    *,
    width: int = 48,
    height: int = 32,
    milliseconds: tuple[int, ...] = (100, 50, 70),
) -> bytes:
    colours = (RED, GREEN, BLUE)
    first, *others = (
        drawing(width, height, ground=colours[number % 3]) for number in range(len(milliseconds))
    )
    return picture(
        format_,
        first,
        save_all=True,
        append_images=others,
        duration=list(milliseconds),
        loop=0,
    )


def read(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def is_like(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """As alike as colours are after lossy compression."""
    return all(abs(one - two) < 40 for one, two in zip(colour[:3], other[:3], strict=True))
