"""Nothing of a picture but the picture is kept, and that as it was."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence, PngImagePlugin

from shared.media.adapters.pictures.cleaning import _STRIP
from shared.media.adapters.stripping.jpeg import strip_jpeg
from shared.media.adapters.stripping.png import strip_png
from shared.media.domain.refusals import MediaRefused
from shared.media.domain.signature import MediaFormat, recognise
from tests.pictures import SECRET, animation, drawing, picture, read

STILL = {format_: picture(format_) for format_ in _STRIP}
MOVING = {
    format_: animation(format_)
    for format_ in (MediaFormat.GIF, MediaFormat.WEBP, MediaFormat.PNG, MediaFormat.AVIF)
}
MARK = SECRET.encode()


def frames(content: bytes) -> list[tuple[bytes, float]]:
    return [
        (frame.convert("RGBA").tobytes(), frame.info.get("duration", 0))
        for frame in ImageSequence.Iterator(read(content))
    ]


@pytest.mark.parametrize("format_", STILL)
def test_metadata_goes_and_the_picture_stays(format_: MediaFormat) -> None:
    before = STILL[format_]
    assert MARK in before
    after = _STRIP[format_](before)
    assert MARK not in after
    assert b"51.5" not in after
    assert 0x8825 not in read(after).getexif()
    assert recognise(after) is format_
    assert frames(after) == frames(before)


@pytest.mark.parametrize("format_", MOVING)
def test_what_moves_goes_on_moving(format_: MediaFormat) -> None:
    before = MOVING[format_]
    assert MARK in before
    after = _STRIP[format_](before)
    assert MARK not in after
    assert frames(after) == frames(before)


@pytest.mark.parametrize("format_", STILL)
def test_what_follows_the_end_is_cut_off(format_: MediaFormat) -> None:
    clean = _STRIP[format_](STILL[format_])
    tails = [b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(40), b"\0\0\0\x30evil" + bytes(40)]
    for tail in tails:
        try:
            after = _STRIP[format_](STILL[format_] + tail)
        except MediaRefused:
            assert format_ in {MediaFormat.AVIF, MediaFormat.HEIC}  # no box, so it looks cut off
        else:
            assert after == clean


@pytest.mark.parametrize("format_", STILL)
def test_stripping_twice_changes_nothing_more(format_: MediaFormat) -> None:
    once = _STRIP[format_](STILL[format_])
    assert _STRIP[format_](once) == once


@pytest.mark.parametrize("format_", STILL)
def test_a_cut_file_is_refused_or_has_all_there_is(format_: MediaFormat) -> None:
    content = STILL[format_]
    for end in range(0, len(content), max(len(content) // 50, 1)):
        with suppress(MediaRefused):
            assert MARK not in _STRIP[format_](content[:end])


def test_a_jpeg_cut_off_anywhere_is_refused() -> None:
    """Decoders show what is missing in grey, and say nothing."""
    content = picture(MediaFormat.JPEG, drawing(300, 200), progressive=True)
    for end in range(0, len(content) - 1, 7):
        with pytest.raises(MediaRefused) as refused:
            strip_jpeg(content[:end])
        assert refused.value.code == "MEDIA_TRUNCATED"


def test_a_second_picture_of_a_camera_goes() -> None:
    """What Samsung's and Apple's cameras put after the end: depth, a film of the moment."""
    assert strip_jpeg(STILL[MediaFormat.JPEG] * 2) == strip_jpeg(STILL[MediaFormat.JPEG])


def test_a_progressive_picture_stays_whole() -> None:
    before = picture(MediaFormat.JPEG, drawing(200, 150), progressive=True, comment=MARK)
    after = strip_jpeg(before)
    assert MARK not in after
    assert read(after).tobytes() == read(before).tobytes()


def test_profiles_of_colours_stay() -> None:
    for format_ in (MediaFormat.JPEG, MediaFormat.PNG, MediaFormat.WEBP):
        before = picture(format_, icc_profile=b"a profile of colours" * 10)
        assert read(_STRIP[format_](before)).info["icc_profile"] == b"a profile of colours" * 10


def test_texts_in_a_png_go() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET)
    texts.add_itxt("XML:com.adobe.xmp", SECRET, zip=True)
    after = strip_png(picture(MediaFormat.PNG, pnginfo=texts))
    assert isinstance(read(after), Image.Image)
    assert b"tEXt" not in after
    assert b"iTXt" not in after
    assert b"eXIf" not in after


@pytest.mark.parametrize("strip", _STRIP.values(), ids=[format_.name for format_ in _STRIP])
@given(content=st.binary(max_size=200))
def test_any_bytes_are_stripped_or_refused(strip: Callable[[bytes], bytes], content: bytes) -> None:
    with suppress(MediaRefused):
        strip(content)


@pytest.mark.parametrize(
    "content", [*STILL.items(), *MOVING.items()], ids=lambda each: each[0].name
)
@given(seed=st.integers(0, 2**32))
def test_damage_is_passed_on_or_refused(content: tuple[MediaFormat, bytes], seed: int) -> None:
    """A few bytes are other ones; most of all where the structure is."""
    format_, whole = content
    chance = random.Random(seed)
    damaged = bytearray(whole)
    for _ in range(chance.randint(1, 6)):
        place = int(len(damaged) * chance.random() ** 4)
        damaged[place] = chance.randrange(256)
    with suppress(MediaRefused):
        _STRIP[format_](bytes(damaged))
