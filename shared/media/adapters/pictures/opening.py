"""Pictures opened within bounds: by the one format they are of, and never a bomb."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from shared.media.domain.refusals import MediaRefused, too_large, truncated, unreadable
from shared.media.domain.signature import MediaFormat

logger = logging.getLogger(__name__)

Image.MAX_IMAGE_PIXELS = None  # a setting of ours bounds them, before anything is decoded

SAVED_AS = {
    MediaFormat.PNG: "PNG",
    MediaFormat.JPEG: "JPEG",
    MediaFormat.WEBP: "WEBP",
    MediaFormat.GIF: "GIF",
    MediaFormat.AVIF: "AVIF",
    MediaFormat.HEIC: "HEIF",
}
"""Pillow's names."""


@contextmanager
def opened(source: Path | BinaryIO, format_: MediaFormat, *, pixels: int) -> Iterator[Image.Image]:
    """A picture whose header is read and whose pixels are not yet; closed with the block.

    What goes wrong with its content inside of the block comes out as a refusal, too.

    Raises:
        MediaRefused: `MEDIA_TOO_LARGE`, `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    if format_ is MediaFormat.HEIC:
        _know_heic()
    with _translated(), Image.open(source, formats=[SAVED_AS[format_]]) as image:
        width, height = image.size
        if width * height > pixels:
            raise too_large(width, height, pixels=pixels)
        yield image


def _know_heic() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()


@contextmanager
def _translated() -> Iterator[None]:
    """Damaged files make decoders raise whatever comes; a full disk is not the file's fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what decoders put right by themselves
            yield
    except (MediaRefused, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        logger.info("picture_refused", extra={"reason": type(error).__name__})
        if isinstance(error, EOFError) or "truncated" in str(error).lower():
            raise truncated() from error
        raise unreadable() from error
