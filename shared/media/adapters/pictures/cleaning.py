"""A picture as it is kept: upright, and with nothing in it but itself."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import get_sampling

from shared.media.adapters.pictures.inspecting import UPRIGHT, orientation
from shared.media.adapters.pictures.opening import SAVED_AS, opened
from shared.media.adapters.stripping.gif import strip_gif
from shared.media.adapters.stripping.heif import strip_heif
from shared.media.adapters.stripping.jpeg import strip_jpeg
from shared.media.adapters.stripping.png import strip_png
from shared.media.adapters.stripping.webp import strip_webp
from shared.media.domain.signature import MediaFormat

_STRIP: dict[MediaFormat, Callable[[bytes], bytes]] = {
    MediaFormat.PNG: strip_png,
    MediaFormat.JPEG: strip_jpeg,
    MediaFormat.WEBP: strip_webp,
    MediaFormat.GIF: strip_gif,
    MediaFormat.AVIF: strip_heif,
    MediaFormat.HEIC: strip_heif,
}
_TURNED_BY_EXIF = {MediaFormat.JPEG, MediaFormat.PNG, MediaFormat.WEBP}
"""HEIC and AVIF have a property of their own for it, which stays and which all decoders follow."""

_QUALITY = 92
_SEEN = ("icc_profile", "transparency")
"""Of what Pillow knows of a picture, what changes how it looks."""


def clean_picture(source: Path, target: Path, format_: MediaFormat, *, pixels: int) -> None:
    """Write it to `target`; recompressed only where it has to be turned.

    Raises:
        MediaRefused: `MEDIA_TOO_LARGE`, `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    content = source.read_bytes()
    if format_ in _TURNED_BY_EXIF:
        with opened(BytesIO(content), format_, pixels=pixels) as image:
            if orientation(image) != UPRIGHT and not _moves(image, format_):
                _write_upright(image, target, format_, is_lossless=b"VP8L" in content)
                return
    target.write_bytes(_STRIP[format_](content))


def _moves(image: Image.Image, format_: MediaFormat) -> bool:
    """Not what a camera has put beside the picture into a JPEG."""
    return format_ is not MediaFormat.JPEG and getattr(image, "is_animated", False)


def _write_upright(
    image: Image.Image, target: Path, format_: MediaFormat, *, is_lossless: bool
) -> None:
    how: dict[str, Any] = {}
    if format_ is MediaFormat.JPEG:
        how = {"quality": _QUALITY, "subsampling": get_sampling(image)}
    elif format_ is MediaFormat.WEBP:
        how = {"quality": _QUALITY, "lossless": is_lossless}
    turned = ImageOps.exif_transpose(image)
    turned.info = {name: turned.info[name] for name in _SEEN if name in turned.info}
    turned.save(target, SAVED_AS[format_], icc_profile=turned.info.get("icc_profile"), **how)
