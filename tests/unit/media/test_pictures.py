"""Pictures opened, put upright, and shown small."""

import struct
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from shared.media.adapters.pictures.cleaning import clean_picture
from shared.media.adapters.pictures.inspecting import inspect_picture
from shared.media.adapters.pictures.previewing import preview_picture
from shared.media.domain.asset import MediaKind
from shared.media.domain.refusals import MediaRefused
from shared.media.domain.signature import MediaFormat
from tests.pictures import (
    BLUE,
    RED,
    SAVED_AS,
    SECRET,
    animation,
    drawing,
    exif,
    is_like,
    picture,
    read,
)

PIXELS = 1_000_000
TURNED = (MediaFormat.JPEG, MediaFormat.PNG, MediaFormat.WEBP)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def cleaned(file: Path, content: bytes, format_: MediaFormat) -> Path:
    file.write_bytes(content)
    clean = file.with_name("clean")
    clean_picture(file, clean, format_, pixels=PIXELS)
    return clean


@pytest.mark.parametrize("format_", SAVED_AS)
def test_facts(file: Path, format_: MediaFormat) -> None:
    file.write_bytes(picture(format_))
    facts = inspect_picture(file, format_, pixels=PIXELS)
    assert (facts.kind, facts.format) == (MediaKind.IMAGE, format_)
    assert (facts.width, facts.height) == (96, 64)
    assert facts.size == file.stat().st_size
    assert (facts.has_alpha, facts.frames, facts.duration) == (False, None, None)


@pytest.mark.parametrize(
    "format_", [MediaFormat.GIF, MediaFormat.WEBP, MediaFormat.PNG, MediaFormat.AVIF]
)
def test_what_moves_is_an_animation(file: Path, format_: MediaFormat) -> None:
    file.write_bytes(animation(format_, milliseconds=(100, 50, 70)))
    facts = inspect_picture(file, format_, pixels=PIXELS)
    assert facts.kind is MediaKind.ANIMATION
    assert facts.frames == 3
    assert facts.duration == timedelta(milliseconds=220)


def test_pictures_that_claim_to_be_gone_at_once_are_shown_for_a_tenth_of_a_second(
    file: Path,
) -> None:
    file.write_bytes(animation(milliseconds=(0, 10, 20)))
    facts = inspect_picture(file, MediaFormat.GIF, pixels=PIXELS)
    assert facts.duration == timedelta(milliseconds=220)


@pytest.mark.parametrize("format_", [MediaFormat.PNG, MediaFormat.WEBP, MediaFormat.AVIF])
def test_transparency_is_seen(file: Path, format_: MediaFormat) -> None:
    file.write_bytes(picture(format_, Image.new("RGBA", (8, 8), (1, 2, 3, 128))))
    assert inspect_picture(file, format_, pixels=PIXELS).has_alpha


@pytest.mark.parametrize("format_", TURNED)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_put_upright(file: Path, format_: MediaFormat, orientation: int) -> None:
    """As every viewer shows it that follows EXIF: the red quarter is where it was seen."""
    undo: dict[int, Image.Transpose] = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = drawing()
    if orientation in undo:
        held = held.transpose(undo[orientation])
    content = picture(format_, held, orientation=orientation)
    file.write_bytes(content)
    seen = inspect_picture(file, format_, pixels=PIXELS)
    assert (seen.width, seen.height) == (96, 64)
    clean = cleaned(file, content, format_)
    upright = read(clean.read_bytes())
    assert upright.format == SAVED_AS[format_]
    assert upright.size == (96, 64)
    assert upright.getexif().get(0x0112, 1) == 1
    pixels = upright.convert("RGB")
    assert is_like(pixels.getpixel((10, 10)), RED)  # type: ignore[arg-type]
    assert is_like(pixels.getpixel((80, 50)), BLUE)  # type: ignore[arg-type]
    assert SECRET.encode() not in clean.read_bytes()


def test_what_a_camera_has_put_beside_the_picture_is_no_reason_to_let_it_lie(file: Path) -> None:
    """A JPEG with a second picture in it, which Pillow takes for an animation."""
    held = drawing().transpose(Image.Transpose.ROTATE_90)
    saved = BytesIO()
    held.save(saved, "MPO", save_all=True, append_images=[held], exif=exif(orientation=6))
    clean = read(cleaned(file, saved.getvalue(), MediaFormat.JPEG).read_bytes())
    assert (clean.format, clean.size) == ("JPEG", (96, 64))


@pytest.mark.parametrize("format_", TURNED)
def test_a_turned_picture_keeps_its_profile_and_no_comment(
    file: Path, format_: MediaFormat
) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    extra: dict[str, Any] = {"comment": SECRET} if format_ is MediaFormat.JPEG else {}
    content = picture(format_, orientation=6, icc_profile=profile, **extra)
    clean = cleaned(file, content, format_).read_bytes()
    assert read(clean).info["icc_profile"] == profile
    assert SECRET.encode() not in clean


def test_a_lossless_webp_stays_lossless_when_it_is_turned(file: Path) -> None:
    content = picture(MediaFormat.WEBP, orientation=3, lossless=True)
    clean = read(cleaned(file, content, MediaFormat.WEBP).read_bytes())
    assert (
        clean.convert("RGB").tobytes() == drawing().transpose(Image.Transpose.ROTATE_180).tobytes()
    )


@pytest.mark.parametrize("format_", SAVED_AS)
def test_a_preview_of_each_format(file: Path, format_: MediaFormat) -> None:
    file.write_bytes(picture(format_, drawing(1200, 800)))
    preview = preview_picture(file, format_, pixels=PIXELS)
    assert [(each.width, each.height) for each in preview.thumbnails] == [(1080, 720), (320, 213)]
    small = read(preview.thumbnails[1].content)
    assert small.size == (320, 213)
    assert is_like(small.getpixel((10, 10)), RED)  # type: ignore[arg-type]
    assert is_like(small.getpixel((300, 200)), BLUE)  # type: ignore[arg-type]
    assert len(preview.blurhash) == 28
    red, green, blue = bytes.fromhex(preview.dominant_colour.removeprefix("#"))
    assert is_like((red, green, blue), BLUE)


def test_a_small_picture_has_one_thumbnail_of_its_own_size(file: Path) -> None:
    file.write_bytes(picture(MediaFormat.PNG))
    preview = preview_picture(file, MediaFormat.PNG, pixels=PIXELS)
    assert [(each.width, each.height) for each in preview.thumbnails] == [(96, 64)]


def test_a_thumbnail_is_upright_and_transparent_where_the_picture_is(file: Path) -> None:
    held = drawing(800, 400, mode="RGBA").transpose(Image.Transpose.ROTATE_90)
    held.putalpha(100)
    file.write_bytes(picture(MediaFormat.PNG, held, orientation=6))
    preview = preview_picture(file, MediaFormat.PNG, pixels=PIXELS)
    assert {each.mime_type for each in preview.thumbnails} == {"image/webp"}
    small = read(preview.thumbnails[-1].content)
    assert small.size == (320, 160)
    assert small.mode == "RGBA"


def test_a_thumbnail_of_a_tower_is_no_tower_without_end(file: Path) -> None:
    file.write_bytes(picture(MediaFormat.PNG, Image.new("L", (10, 20_000), 90)))
    [thumbnail, *_] = preview_picture(file, MediaFormat.PNG, pixels=PIXELS).thumbnails
    assert thumbnail.height <= 4 * 1080


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
def test_every_kind_of_pixels_is_shown(file: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.new("I;16", (40, 40), 32_768)
    elif mode == "1":
        image = Image.new("1", (40, 40), 1)
    else:
        image = Image.new("RGB", (40, 40), (128, 128, 128)).convert(mode)
    format_ = MediaFormat.JPEG if mode == "CMYK" else MediaFormat.PNG
    file.write_bytes(picture(format_, image))
    preview = preview_picture(file, format_, pixels=PIXELS)
    shown = read(preview.thumbnails[0].content).convert("RGB").getpixel((20, 20))
    assert is_like(shown, (255, 255, 255) if mode == "1" else (128, 128, 128))  # type: ignore[arg-type]


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is as large as that."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    scan = b"IDAT" + zlib.compress(b"\0" * 100)
    chunks = (header, scan, b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in chunks
    )


def test_a_bomb_is_refused_by_its_header(file: Path) -> None:
    file.write_bytes(bomb(20_000, 20_000))
    for look in (inspect_picture, preview_picture):
        with pytest.raises(MediaRefused) as refused:
            look(file, MediaFormat.PNG, pixels=100_000_000)
        assert refused.value.code == "MEDIA_TOO_LARGE"
        assert refused.value.meta is not None
        assert refused.value.meta["max_pixels"] == 100_000_000


def test_an_animation_of_too_many_pictures_is_refused(file: Path) -> None:
    file.write_bytes(animation(width=30, height=30, milliseconds=(20,) * 30))
    with pytest.raises(MediaRefused) as refused:
        inspect_picture(file, MediaFormat.GIF, pixels=1_000)
    assert refused.value.code == "MEDIA_TOO_LARGE"


@pytest.mark.parametrize("format_", SAVED_AS)
def test_a_truncated_picture_is_refused(file: Path, format_: MediaFormat) -> None:
    content = picture(format_, Image.effect_noise((200, 200), 90).convert("RGB"))
    file.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(MediaRefused) as refused:
        preview_picture(file, format_, pixels=PIXELS)
    assert refused.value.code in {"MEDIA_TRUNCATED", "MEDIA_UNREADABLE"}


@pytest.mark.parametrize("format_", SAVED_AS)
def test_a_picture_of_another_format_is_refused(file: Path, format_: MediaFormat) -> None:
    other = MediaFormat.PNG if format_ is not MediaFormat.PNG else MediaFormat.GIF
    file.write_bytes(picture(other))
    with pytest.raises(MediaRefused) as refused:
        inspect_picture(file, format_, pixels=PIXELS)
    assert refused.value.code == "MEDIA_UNREADABLE"


def test_a_full_disk_is_not_the_files_fault(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        inspect_picture(file, MediaFormat.PNG, pixels=PIXELS)
