"""Pictures and animations drawn anew as networks take them."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from shared.media.adapters.pictures.drawing import animate, draw
from shared.media.adapters.pictures.inspecting import inspect_picture
from shared.media.domain.asset import MediaKind
from shared.media.domain.fitting import plan
from shared.media.domain.plans import Animate, AsItIs, Draw
from shared.media.domain.refusals import MediaRefused
from shared.media.domain.rules import Fit, ImageRules, MediaRules, Shape
from shared.media.domain.signature import MediaFormat
from tests.pictures import BLUE, RED, SECRET, animation, drawing, is_like, picture, read

PIXELS = 10_000_000
JPEG, PNG, WEBP, GIF, HEIC, AVIF = (
    MediaFormat.JPEG,
    MediaFormat.PNG,
    MediaFormat.WEBP,
    MediaFormat.GIF,
    MediaFormat.HEIC,
    MediaFormat.AVIF,
)
SQUARE = Shape(max_width=60, max_height=60, min_ratio=Fraction(1), max_ratio=Fraction(1))


def rules(*formats: MediaFormat, max_bytes: int = 1_000_000, shape: Shape = SQUARE) -> MediaRules:
    return MediaRules(images=ImageRules(formats=formats, max_bytes=max_bytes, shape=shape))


def drawn(
    path: Path, content: bytes, format_: MediaFormat, wanted: MediaRules, fit: Fit = Fit.CROP
) -> Image.Image:
    """What came of it; it is what the rules take, and of those bytes."""
    path.write_bytes(content)
    planned = plan(inspect_picture(path, format_, pixels=PIXELS), wanted, fit)
    assert isinstance(planned, Draw)
    made = draw(path, format_, planned, pixels=PIXELS)
    path.write_bytes(made)
    facts = inspect_picture(path, planned.format, pixels=PIXELS)
    assert plan(facts, wanted, fit) == AsItIs()
    assert SECRET.encode() not in made
    return read(made)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "picture"


@pytest.mark.parametrize("format_", [JPEG, PNG, WEBP, GIF, HEIC, AVIF])
@pytest.mark.parametrize("target", [JPEG, PNG, WEBP])
def test_every_format_becomes_every_other(
    path: Path, format_: MediaFormat, target: MediaFormat
) -> None:
    image = drawn(path, picture(format_, drawing(120, 80)), format_, rules(target))
    assert image.size == (60, 60)
    assert is_like(image.convert("RGB").getpixel((5, 5)), RED)  # type: ignore[arg-type]
    assert is_like(image.convert("RGB").getpixel((55, 55)), BLUE)  # type: ignore[arg-type]


def test_the_middle_is_cut_out_or_all_of_it_is_shown(path: Path) -> None:
    content = picture(PNG, drawing(200, 50))
    cut = drawn(path, content, PNG, rules(PNG))
    assert cut.size == (50, 50)
    assert cut.getpixel((5, 5)) == RED
    padded = drawn(path, content, PNG, rules(PNG), Fit.PAD)
    assert padded.size == (60, 60)
    assert padded.getpixel((30, 2)) == (255, 255, 255)
    assert is_like(padded.getpixel((5, 25)), RED)  # type: ignore[arg-type]
    assert is_like(padded.getpixel((55, 34)), BLUE)  # type: ignore[arg-type]


def test_transparency_becomes_white_where_there_is_none(path: Path) -> None:
    clear = Image.new("RGBA", (80, 80), (0, 0, 0, 0))
    content = picture(PNG, clear)
    assert is_like(drawn(path, content, PNG, rules(JPEG)).getpixel((9, 9)), (255, 255, 255))  # type: ignore[arg-type]
    kept = drawn(path, content, PNG, rules(WEBP))
    assert kept.convert("RGBA").getpixel((9, 9)) == (0, 0, 0, 0)


def test_colours_are_those_of_a_screen(path: Path) -> None:
    """By a profile whose red and green have changed places."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"____").replace(b"gXYZ", b"rXYZ").replace(b"____", b"gXYZ")
    shown = drawn(path, picture(PNG, drawing(80, 80), icc_profile=swapped), PNG, rules(JPEG))
    red, green, _ = shown.getpixel((9, 9))  # type: ignore[misc]
    assert green > 200 > red
    assert "icc_profile" not in shown.info


def test_a_profile_that_nobody_can_use_changes_nothing(path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (lab, b"no profile at all"):
        content = picture(PNG, drawing(80, 80), icc_profile=profile)
        assert is_like(drawn(path, content, PNG, rules(JPEG)).getpixel((9, 9)), RED)  # type: ignore[arg-type]


def test_it_is_made_in_the_bytes_there_may_be(path: Path) -> None:
    noise = Image.effect_noise((400, 400), 90).convert("RGB")
    content = picture(JPEG, noise, quality=95)
    sizes = []
    for max_bytes in (80_000, 20_000, 7_000):
        shape = Shape(max_width=2_000)
        image = drawn(path, content, JPEG, rules(JPEG, max_bytes=max_bytes, shape=shape))
        sizes.append(image.width)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == 400
    assert sizes[-1] < 200


def test_what_cannot_be_made_that_small_is_refused(path: Path) -> None:
    path.write_bytes(picture(PNG, Image.effect_noise((400, 400), 90)))
    planned = plan(inspect_picture(path, PNG, pixels=PIXELS), rules(JPEG, max_bytes=200), Fit.CROP)
    assert isinstance(planned, Draw)
    with pytest.raises(MediaRefused) as refused:
        draw(path, PNG, planned, pixels=PIXELS)
    assert refused.value.code == "MEDIA_TOO_MANY_BYTES"


@pytest.mark.parametrize("format_", [GIF, WEBP, PNG, AVIF])
def test_an_animation_goes_on_moving(path: Path, format_: MediaFormat) -> None:
    path.write_bytes(animation(format_, width=200, height=100))
    wanted = MediaRules(
        animations=ImageRules(formats=("image/gif",), max_bytes=10**6, shape=SQUARE)
    )
    planned = plan(inspect_picture(path, format_, pixels=PIXELS), wanted, Fit.CROP)
    assert isinstance(planned, Animate)
    path.write_bytes(animate(path, format_, planned, pixels=PIXELS))
    facts = inspect_picture(path, GIF, pixels=PIXELS)
    assert (facts.kind, facts.frames, facts.seen) == (MediaKind.ANIMATION, 3, (60, 60))
    assert facts.duration == timedelta(milliseconds=220)
    assert plan(facts, wanted, Fit.CROP) == AsItIs()
