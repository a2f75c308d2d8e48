"""What a file is, told from its first bytes; its name and what was claimed of it are not believed.

Sources: RFC 2083 (PNG), ITU T.81 (JPEG), RFC 9649 (WebP), ISO/IEC 14496-12 and its brands as the
MP4 registration authority lists them, RFC 8118 (PDF).
"""

from collections.abc import Callable
from enum import StrEnum

HEAD = 1024
"""How many bytes from the beginning are enough."""


class MediaFormat(StrEnum):
    """What is accepted, by its MIME type."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    AVIF = "image/avif"
    HEIC = "image/heic"
    MP4 = "video/mp4"
    MOV = "video/quicktime"
    AVI = "video/x-msvideo"
    PDF = "application/pdf"

    @property
    def is_film(self) -> bool:
        return self.startswith("video/")

    @property
    def is_picture(self) -> bool:
        """Also of one that may move: only opening it tells."""
        return self.startswith("image/")

    @property
    def extensions(self) -> tuple[str, ...]:
        """What names of such files end in, without the dot; the first is the usual one."""
        return _EXTENSIONS[self]


def recognise(head: bytes) -> MediaFormat | None:
    """The format whose signature `head`, the first `HEAD` bytes of a file, begins with.

    Nothing for whatever is not accepted: SVG and HTML, sound alone, scripts, archives.
    """
    return next((format_ for format_, is_it in _SIGNATURES if is_it(head)), None)


_EXTENSIONS: dict[MediaFormat, tuple[str, ...]] = {
    MediaFormat.PNG: ("png", "apng"),
    MediaFormat.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    MediaFormat.WEBP: ("webp",),
    MediaFormat.GIF: ("gif",),
    MediaFormat.AVIF: ("avif", "avifs"),
    MediaFormat.HEIC: ("heic", "heif", "hif", "heics"),
    MediaFormat.MP4: ("mp4", "m4v"),
    MediaFormat.MOV: ("mov", "qt"),
    MediaFormat.AVI: ("avi",),
    MediaFormat.PDF: ("pdf",),
}

_FTYP_OF_TWO_BRANDS = 16
_AVIF = {b"avif", b"avis"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_MP4 = {b"avc1", b"mp41", b"mp42", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"dash", b"f4v "}
_ISO = {b"isom", *(b"iso%d" % number for number in range(2, 10))}
_SOUND = {b"M4A ", b"M4B ", b"M4P "}
_OLD_QUICKTIME = {b"moov", b"mdat", b"wide"}


def _begins(signature: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signature)


def _is_png(head: bytes) -> bool:
    return head.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


def _is_gif(head: bytes) -> bool:
    return head.startswith((b"GIF87a", b"GIF89a"))


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:15] == b"WEBPVP8" and head[15:16] in {b" ", b"L", b"X"}


def _is_avi(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:16] == b"AVI LIST"


def _brands(head: bytes) -> tuple[bytes, frozenset[bytes]]:
    """The brand a file goes by and those it is compatible with; none where it has no such box."""
    size = int.from_bytes(head[:4])
    if head[4:8] != b"ftyp" or not _FTYP_OF_TWO_BRANDS <= size <= HEAD or size % 4:
        return b"", frozenset()
    major = head[8:12]
    compatible = (head[start : start + 4] for start in range(16, min(size, len(head)), 4))
    return major, frozenset({major, *compatible})


def _of_brands(own: set[bytes], *, not_of: frozenset[bytes] = frozenset()) -> Callable[..., bool]:
    def is_it(head: bytes) -> bool:
        major, brands = _brands(head)
        return major in own or bool(brands & own and major not in not_of)

    return is_it


def _is_mov(head: bytes) -> bool:
    """Before there was `ftyp`, a film began with one of its other boxes."""
    major, _ = _brands(head)
    return major == b"qt  " or head[4:8] in _OLD_QUICKTIME


_SIGNATURES: tuple[tuple[MediaFormat, Callable[[bytes], bool]], ...] = (
    (MediaFormat.PNG, _is_png),
    (MediaFormat.JPEG, _begins(b"\xff\xd8\xff")),
    (MediaFormat.GIF, _is_gif),
    (MediaFormat.WEBP, _is_webp),
    (MediaFormat.AVI, _is_avi),
    (MediaFormat.PDF, _begins(b"%PDF-")),
    (MediaFormat.MOV, _is_mov),
    (MediaFormat.AVIF, _of_brands(_AVIF, not_of=frozenset(_HEIC))),
    (MediaFormat.HEIC, _of_brands(_HEIC)),
    (MediaFormat.MP4, _of_brands(_MP4 | _ISO, not_of=frozenset(_SOUND))),
)
