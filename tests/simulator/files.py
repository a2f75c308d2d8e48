"""What the imitations know of a file that came: found from its bytes, never from what is said."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

import av
from PIL import Image, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError


class NoSuchFile(Exception):
    """It is neither picture, film nor document."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`frames` is 1 of a picture that stands still; `seconds` and `fps` are of films."""

    mime_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    frames: int = 1
    seconds: float = 0.0
    fps: float = 0.0

    def received(self, alt_text: str = "") -> dict[str, Any]:
        """As it is told in a receipt."""
        return {
            "mime_type": self.mime_type,
            "size": self.size,
            "sha256": self.sha256,
            "alt_text": alt_text,
            "width": self.width,
            "height": self.height,
        }


def look_at(data: bytes) -> Seen:
    """Raises NoSuchFile."""
    known: dict[str, Any] = {"size": len(data), "sha256": sha256(data).hexdigest()}
    if data.startswith(b"%PDF-"):
        return Seen(mime_type="application/pdf", **known)
    if data[4:8] == b"ftyp":
        return _film(data, known)
    try:
        with Image.open(BytesIO(data)) as picture:
            picture.load()
            return Seen(
                mime_type=str(picture.get_format_mimetype()),
                width=picture.width,
                height=picture.height,
                frames=getattr(picture, "n_frames", 1),
                **known,
            )
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise NoSuchFile from error


def pages_of(data: bytes) -> int:
    """How many a document has; none where nobody can open it."""
    try:
        return PdfReader(BytesIO(data)).get_num_pages()
    except PyPdfError:
        return 0


def _film(data: bytes, known: dict[str, Any]) -> Seen:
    try:
        with av.open(BytesIO(data), "r") as film:
            stream = film.streams.video[0]
            return Seen(
                mime_type="video/quicktime" if data[8:12] == b"qt  " else "video/mp4",
                width=stream.width,
                height=stream.height,
                frames=stream.frames,
                seconds=(film.duration or 0) / 1_000_000,
                fps=float(stream.average_rate or 0),
                **known,
            )
    except (av.FFmpegError, IndexError) as error:
        raise NoSuchFile from error
