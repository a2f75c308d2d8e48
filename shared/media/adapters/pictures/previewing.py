"""Thumbnails, blurhash and dominant colour of a picture."""

from io import BytesIO
from pathlib import Path

from blurhash_rs import blurhash_encode
from PIL import Image, ImageOps

from shared.media.adapters.pictures.colours import as_screens_show, on_white
from shared.media.adapters.pictures.inspecting import seen_size
from shared.media.adapters.pictures.opening import opened
from shared.media.domain.preview import TALLEST, THUMBNAIL_WIDTHS, Preview, Thumbnail
from shared.media.domain.signature import MediaFormat

_QUALITY = 82
_HINT = (32, 32)
"""Pixels in which everything is that a blurhash can show."""
_COLOURS = 6


def preview_picture(path: Path, format_: MediaFormat, *, pixels: int) -> Preview:
    """Decode it, no larger than it takes; of an animation the first picture.

    Raises:
        MediaRefused: `MEDIA_TOO_LARGE`, `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    with opened(path, format_, pixels=pixels) as image:
        return preview_of(image)


def preview_of(image: Image.Image) -> Preview:
    """`image` is consumed: it may be small afterwards."""
    thumbnails: list[Thumbnail] = []
    seen = image
    for width in THUMBNAIL_WIDTHS:
        if thumbnails and seen.width <= width:
            break
        seen = reduced(seen, width)
        thumbnails.append(_written(seen))
    return Preview(
        thumbnails=tuple(thumbnails),
        blurhash=_blurhash(seen),
        dominant_colour=_dominant_colour(seen),
    )


def reduced(image: Image.Image, width: int) -> Image.Image:
    """Upright, in the colours of screens, `width` pixels wide at most."""
    if image.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        image = as_screens_show(image)
    box = (width, width * TALLEST)
    on_its_side = seen_size(image) != image.size
    image.thumbnail(box[::-1] if on_its_side else box, Image.Resampling.LANCZOS)
    return as_screens_show(ImageOps.exif_transpose(image))


def _written(image: Image.Image) -> Thumbnail:
    file = BytesIO()
    kind = "WEBP" if image.mode == "RGBA" else "JPEG"
    image.save(file, kind, quality=_QUALITY)
    return Thumbnail(
        content=file.getvalue(),
        mime_type=Image.MIME[kind],
        width=image.width,
        height=image.height,
    )


def _blurhash(image: Image.Image) -> str:
    hint = on_white(image).copy()
    hint.thumbnail(_HINT)
    across, down = (4, 3) if image.width >= image.height else (3, 4)
    return blurhash_encode(hint, across, down)


def _dominant_colour(image: Image.Image) -> str:
    hint = on_white(image).copy()
    hint.thumbnail(_HINT)
    few = hint.quantize(_COLOURS)
    counted = few.getcolors() or []
    palette = few.getpalette() or [0, 0, 0]
    _, most = max(counted, default=(0, 0))
    red, green, blue = palette[3 * int(most) : 3 * int(most) + 3]  # type: ignore[arg-type]
    return f"#{red:02x}{green:02x}{blue:02x}"
