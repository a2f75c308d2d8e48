"""Files of each kind, made on the fly: small, whole, and what they say they are."""

import io
import struct

import pillow_heif
from PIL import Image
from pypdf import PdfWriter

pillow_heif.register_heif_opener()


def picture(format_: str = "PNG", *, width: int = 64, height: int = 48, **options: object) -> bytes:
    """In the words of Pillow: PNG, JPEG, WEBP, GIF, AVIF or HEIF."""
    written = io.BytesIO()
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.save(written, format_, **options)
    return written.getvalue()


def animation(frames: int = 3) -> bytes:
    written = io.BytesIO()
    images = [Image.new("RGB", (32, 32), (80 * number, 0, 0)) for number in range(frames)]
    images[0].save(written, "GIF", save_all=True, append_images=images[1:], duration=100)
    return written.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    """Of a film or a HEIC file."""
    return struct.pack(">I", 8 + len(content)) + name + content


def film(brand: bytes = b"isom", *, size: int = 2_000) -> bytes:
    """The outermost boxes of one, with nothing in it to see."""
    return (
        box(b"ftyp", brand + b"\0\0\2\0" + brand + b"mp41")
        + box(b"moov", b"\0" * 100)
        + box(b"mdat", b"\0" * size)
    )


def avi() -> bytes:
    listed = b"LIST" + struct.pack("<I", 4) + b"hdrl"
    return b"RIFF" + struct.pack("<I", 4 + len(listed)) + b"AVI " + listed


def document(*, pages: int = 1, password: str | None = None) -> bytes:
    written = io.BytesIO()
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password is not None:
        writer.encrypt(password, algorithm="AES-256")
    writer.write(written)
    return written.getvalue()
