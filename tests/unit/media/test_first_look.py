"""The first look at a file: fixed cases, and whatever bytes come."""

import io
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from shared.kernel.errors import RuleViolation
from shared.kernel.ids import new_id
from shared.media.adapters.settings import MediaSettings
from shared.media.domain.claims import (
    are_alike,
    clean_name,
    clean_tags,
    demand_extension,
    format_claimed,
    renamed,
)
from shared.media.domain.first_look import look_at
from shared.media.domain.header_size import header_size
from shared.media.domain.parts import part_sizes
from shared.media.domain.signature import MediaFormat, recognise
from shared.media.domain.storage_keys import (
    asset_of,
    incoming_key,
    made_key,
    original_key,
)
from shared.media.domain.window import WINDOW, windowed
from tests.small_files import animation, avi, document, film, picture

WHOLE = {
    MediaFormat.PNG: picture("PNG"),
    MediaFormat.JPEG: picture("JPEG"),
    MediaFormat.WEBP: picture("WEBP"),
    MediaFormat.GIF: animation(),
    MediaFormat.AVIF: picture("AVIF"),
    MediaFormat.HEIC: picture("HEIF"),
    MediaFormat.MP4: film(),
    MediaFormat.MOV: film(b"qt  "),
    MediaFormat.AVI: avi(),
    MediaFormat.PDF: document(),
}


LIMITS = MediaSettings().limits


def reading(content: bytes) -> Callable[[int, int], bytes]:
    return lambda start, length: content[start : start + length]


def seen(content: bytes) -> MediaFormat | str:
    """The format, or the code of the refusal."""
    try:
        found = look_at(
            windowed(reading(content)), len(content), limits=LIMITS, claimed=None, name=None
        )
    except RuleViolation as refusal:
        return refusal.code
    return found.format


@pytest.mark.parametrize("format_", MediaFormat)
def test_whole_files_are_what_they_are(format_: MediaFormat) -> None:
    assert seen(WHOLE[format_]) is format_


@pytest.mark.parametrize("format_", MediaFormat)
@given(cut=st.integers(min_value=1, max_value=40), fill=st.binary(max_size=40))
def test_damaged_files_are_refused_or_seen_but_nothing_breaks(
    format_: MediaFormat, cut: int, fill: bytes
) -> None:
    content = WHOLE[format_]
    for damaged in (content[:-cut], content[:cut] + fill, content[:12] + fill + content[30:]):
        assert seen(damaged)


@given(st.binary(max_size=200))
@example(b"")
@example(b"\xff\xd8\xff")
@example(b"RIFF\0\0\0\0WEBPVP8X")
@example(b"\0\0\0\x14ftypisom\0\0\0\0mp41\0\0\0\1mdat\xff\xff\xff\xff\xff\xff\xff\xff")
def test_whatever_comes_is_looked_at(content: bytes) -> None:
    for beginning in (b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"GIF89a", b"\xff\xd8\xff", b"%PDF-"):
        assert seen(beginning + content)


@pytest.mark.parametrize(
    ("format_", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"comment": b"x" * 60_000}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}),
        ("AVIF", {}),
        ("HEIF", {}),
    ],
)
@pytest.mark.parametrize(("width", "height"), [(64, 48), (301, 7), (1, 1)])
def test_headers_say_what_opening_says(
    format_: str, options: dict[str, object], width: int, height: int
) -> None:
    content = picture(format_, width=width, height=height, **options)
    found = recognise(content[:1024])
    assert found is not None
    with Image.open(io.BytesIO(content)) as image:
        opened = image.size
    told = header_size(windowed(reading(content)), found)
    assert told is not None
    # What codes pictures in blocks may keep more of it than is shown.
    assert told[0] >= opened[0]
    assert told[1] >= opened[1]
    if found is not MediaFormat.HEIC:
        assert told == opened


def test_a_jpeg_with_a_long_way_to_its_header() -> None:
    content = picture("JPEG")
    segment = b"\xff\xe1\xff\xff" + b"x" * 0xFFFD
    assert header_size(
        windowed(reading(content[:2] + 5 * segment + content[2:])), MediaFormat.JPEG
    ) == (
        64,
        48,
    )


@pytest.mark.parametrize(
    ("written", "format_"),
    [
        ("image/png", MediaFormat.PNG),
        ("IMAGE/PNG; charset=x", MediaFormat.PNG),
        ("image/jpg", MediaFormat.JPEG),
        ("video/avi", MediaFormat.AVI),
        ("image/heif", MediaFormat.HEIC),
    ],
)
def test_what_a_type_is_called(written: str, format_: MediaFormat) -> None:
    assert format_claimed(written) is format_


def test_films_of_one_family_go_by_each_others_names() -> None:
    demand_extension("a.mp4", MediaFormat.MOV)
    demand_extension("a.MOV", MediaFormat.MP4)
    assert not are_alike(MediaFormat.AVI, MediaFormat.MP4)
    with pytest.raises(RuleViolation):
        demand_extension("a.avi", MediaFormat.MP4)


@pytest.mark.parametrize(
    ("name", "format_", "new"),
    [
        ("a.png", MediaFormat.PNG, "a.png"),
        ("a.JPEG", MediaFormat.JPEG, "a.JPEG"),
        ("a.php", MediaFormat.JPEG, "a.jpg"),
        ("a", MediaFormat.GIF, "a.gif"),
        ("version 1.2 of it", MediaFormat.GIF, "version 1.2 of it.gif"),
        ("a" * 255, MediaFormat.GIF, "a" * 251 + ".gif"),
    ],
)
def test_names_with_the_right_ending(name: str, format_: MediaFormat, new: str) -> None:
    assert renamed(name, format_) == new
    assert len(new) <= 255


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ada\\tea.png", "tea.png"),
        ("  a\tb\x00".replace("\x00", "") + ".png ", "a b.png"),
        ("<b>tea</b>".replace("/", "") + ".png", "tea.png"),
    ],
)
def test_a_name_is_no_path(written: str, name: str) -> None:
    assert clean_name(written) == name


@given(st.text())
def test_a_name_is_clean_or_refused(written: str) -> None:
    try:
        name = clean_name(written)
    except RuleViolation:
        return
    assert 1 <= len(name) <= 255
    assert "/" not in name
    assert "\\" not in name


def test_tags_are_distinct() -> None:
    assert clean_tags([" a ", "b", "a"]) == ["a", "b"]


@given(
    size=st.integers(min_value=1, max_value=10**6), part=st.integers(min_value=1, max_value=10**4)
)
def test_parts_are_the_whole(size: int, part: int) -> None:
    sizes = part_sizes(size, part)
    assert sum(sizes) == size
    assert all(each == part for each in sizes[:-1])
    assert 1 <= sizes[-1] <= part


def test_keys_say_whose_they_are() -> None:
    organization, asset = new_id(), new_id()
    for key in (
        incoming_key(organization, asset),
        original_key(organization, asset),
        made_key(organization, asset, "320.webp"),
    ):
        assert asset_of(key) == asset


@pytest.mark.parametrize(
    "key", ["", "incoming", f"incoming/{new_id()}", "uploads/a/b", f"other/{new_id()}/{new_id()}"]
)
def test_keys_of_nobody(key: str) -> None:
    assert asset_of(key) is None


def test_what_lies_beside_is_not_asked_for_again() -> None:
    content = bytes(range(256)) * 1_000
    asked: list[tuple[int, int]] = []

    def read(start: int, length: int) -> bytes:
        asked.append((start, length))
        return content[start : start + length]

    within = windowed(read)
    for start, length in ((0, 10), (5, 100), (60_000, 500), (100_000, 70_000), (100_005, 5)):
        assert within(start, length) == content[start : start + length]
    assert asked == [(0, WINDOW), (100_000, 70_000)]
