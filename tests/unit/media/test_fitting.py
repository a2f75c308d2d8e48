"""What becomes of a file at a network, planned from what is known of it."""

from dataclasses import asdict, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.channels.domain import media as channels
from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Codecs, Facts
from shared.media.domain.fitting import plan
from shared.media.domain.framing import Framing
from shared.media.domain.plans import Animate, AsItIs, Draw, Encode, Unfit, Wrap
from shared.media.domain.rules import (
    DocumentRules,
    Fit,
    ImageRules,
    MediaRules,
    Shape,
    VideoRules,
    as_plain,
    profile_of,
    read_rules,
)
from shared.media.domain.signature import MediaFormat

MB = 1_000_000
JPEG, PNG, WEBP, GIF, HEIC, AVIF = (
    MediaFormat.JPEG,
    MediaFormat.PNG,
    MediaFormat.WEBP,
    MediaFormat.GIF,
    MediaFormat.HEIC,
    MediaFormat.AVIF,
)
MP4, MOV, AVI = MediaFormat.MP4, MediaFormat.MOV, MediaFormat.AVI

IMAGES = ImageRules(formats=("image/jpeg", "image/png"), max_bytes=2 * MB)
FEED = replace(
    IMAGES,
    formats=("image/jpeg",),
    shape=Shape(
        min_width=320, max_width=1440, min_ratio=Fraction(4, 5), max_ratio=Fraction(191, 100)
    ),
)
VIDEOS = VideoRules(
    formats=("video/mp4",),
    max_bytes=100 * MB,
    min_duration=timedelta(seconds=3),
    max_duration=timedelta(seconds=90),
    min_fps=23,
    max_fps=60,
    shape=Shape(max_width=1920, max_height=1920),
)
PAGES = DocumentRules(formats=("application/pdf",), max_bytes=MB)
SOCIAL = MediaRules(images=IMAGES, videos=VIDEOS)


def image(format_: MediaFormat = JPEG, **changes: Any) -> Facts:
    facts: dict[str, Any] = {
        "kind": MediaKind.IMAGE,
        "format": format_,
        "size": MB,
        "width": 1200,
        "height": 900,
    }
    return Facts(**facts | changes)


def moving(format_: MediaFormat = GIF, **changes: Any) -> Facts:
    facts: dict[str, Any] = {
        "kind": MediaKind.ANIMATION,
        "frames": 20,
        "width": 400,
        "height": 300,
        "duration": timedelta(seconds=2),
    }
    return image(format_, **facts | changes)


def film(format_: MediaFormat = MP4, *, codecs: str = "h264 yuv420p aac", **changes: Any) -> Facts:
    picture, pixels, *sound = codecs.split()
    facts: dict[str, Any] = {
        "kind": MediaKind.VIDEO,
        "format": format_,
        "size": 10 * MB,
        "width": 1280,
        "height": 720,
        "duration": timedelta(seconds=30),
        "fps": Fraction(30),
        "has_audio": bool(sound),
        "codecs": Codecs(picture=picture, pixels=pixels, sound=sound[0] if sound else None),
    }
    return Facts(**facts | changes)


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        (image(), SOCIAL),
        (image(PNG, has_alpha=True), SOCIAL),
        (image(), MediaRules(images=FEED)),
        (moving(), MediaRules(animations=ImageRules(formats=("image/gif",), max_bytes=MB))),
        (film(), SOCIAL),
        (film(width=1281, height=721), SOCIAL),
        (film(codecs="h264 yuv420p"), SOCIAL),
        (film(codecs="h264 yuvj420p aac"), SOCIAL),
        (film(fps=Fraction(60_500, 1000)), SOCIAL),
        (film(fps=Fraction(24_000, 1001)), SOCIAL),
        (
            film(MOV, codecs="hevc yuv420p10le aac"),
            MediaRules(videos=replace(VIDEOS, formats=("video/mp4", "video/quicktime"))),
        ),
        (
            Facts(kind=MediaKind.DOCUMENT, format=MediaFormat.PDF, size=MB, pages=9),
            MediaRules(documents=PAGES),
        ),
        (
            Facts(kind=MediaKind.DOCUMENT, format=MediaFormat.PDF, size=MB, pages=300),
            MediaRules(documents=replace(PAGES, max_pages=300)),
        ),
    ],
)
@pytest.mark.parametrize("fit", Fit)
def test_what_fits_stays_as_it_is(facts: Facts, rules: MediaRules, fit: Fit) -> None:
    assert plan(facts, rules, fit) == AsItIs()


@pytest.mark.parametrize(
    ("facts", "rules", "format_", "canvas"),
    [
        (image(HEIC), SOCIAL, JPEG, (1200, 900)),
        (image(AVIF), SOCIAL, JPEG, (1200, 900)),
        (image(WEBP), SOCIAL, JPEG, (1200, 900)),
        (image(GIF), SOCIAL, JPEG, (1200, 900)),
        (image(size=3 * MB), SOCIAL, JPEG, (1200, 900)),
        (image(PNG, size=3 * MB), SOCIAL, JPEG, (1200, 900)),
        (
            image(PNG, size=3 * MB),
            MediaRules(images=replace(IMAGES, formats=("image/png",))),
            PNG,
            (1200, 900),
        ),
        (image(PNG), MediaRules(images=FEED), JPEG, (1200, 900)),
        (image(width=4000, height=3000), MediaRules(images=FEED), JPEG, (1440, 1080)),
        (image(width=1000, height=3000), MediaRules(images=FEED), JPEG, (1000, 1250)),
        (
            image(WEBP, width=4000),
            MediaRules(images=replace(FEED, formats=("image/webp",))),
            WEBP,
            (1440, 754),
        ),
        (moving(), SOCIAL, JPEG, (400, 300)),
        (moving(WEBP), SOCIAL, JPEG, (400, 300)),
    ],
)
def test_pictures_drawn_anew(
    facts: Facts, rules: MediaRules, format_: MediaFormat, canvas: tuple[int, int]
) -> None:
    planned = plan(facts, rules, Fit.CROP)
    assert isinstance(planned, Draw)
    assert (planned.format, planned.framings[0].canvas) == (format_, canvas)
    widths = [framing.canvas[0] for framing in planned.framings]
    assert widths == sorted(set(widths), reverse=True)
    assert rules.images is not None
    assert widths[-1] >= rules.images.shape.min_width


def test_padding_shows_all_of_it() -> None:
    planned = plan(image(width=1000, height=3000), MediaRules(images=FEED), Fit.PAD)
    assert isinstance(planned, Draw)
    assert planned.framings[0].crop == (1000, 3000)
    assert planned.framings[0].canvas == (1440, 1800)


GIFS = ImageRules(formats=("image/gif",), max_bytes=MB, shape=Shape(max_width=320))
AS_FILMS = ImageRules(formats=("video/mp4", "image/gif"), max_bytes=MB)


@pytest.mark.parametrize(
    ("facts", "rules", "planned"),
    [
        (moving(), MediaRules(animations=GIFS, images=IMAGES), Animate),
        (moving(WEBP, size=10), MediaRules(animations=GIFS), Animate),
        (moving(size=2 * MB), MediaRules(animations=AS_FILMS), Encode),
        (moving(WEBP), MediaRules(animations=AS_FILMS), Encode),
        (moving(), MediaRules(videos=VIDEOS), Encode),
    ],
)
def test_animations(facts: Facts, rules: MediaRules, planned: type[Any]) -> None:
    assert isinstance(plan(facts, rules, Fit.CROP), planned)


def test_an_animation_without_rules_of_its_own_stands_still_or_becomes_a_film() -> None:
    assert isinstance(plan(moving(), SOCIAL, Fit.CROP), Draw)
    as_film = plan(moving(), MediaRules(videos=VIDEOS), Fit.CROP)
    assert isinstance(as_film, Encode)
    assert (as_film.kind, as_film.times) == (MediaKind.VIDEO, 2)
    assert as_film.fps == 30
    own = plan(moving(WEBP), MediaRules(animations=AS_FILMS), Fit.CROP)
    assert isinstance(own, Encode)
    assert (own.kind, own.times) == (MediaKind.ANIMATION, 1)


@pytest.mark.parametrize(
    ("facts", "planned"),
    [
        (film(MOV), Wrap(max_bytes=100 * MB)),
        (film(MOV, codecs="hevc yuv420p aac"), Encode),
        (film(codecs="hevc yuv420p aac"), Encode),
        (film(codecs="h264 yuv444p aac"), Encode),
        (film(codecs="h264 yuv420p ac3"), Encode),
        (film(AVI, codecs="mpeg4 yuv420p mp3"), Encode),
        (film(AVI), Encode),
        (film(size=101 * MB), Encode),
        (film(width=3840, height=2160), Encode),
        (film(fps=Fraction(120)), Encode),
        (film(fps=Fraction(10)), Encode),
    ],
)
def test_films(facts: Facts, planned: Any) -> None:
    found = plan(facts, SOCIAL, Fit.CROP)
    assert found == planned or isinstance(found, planned)


def test_a_film_is_encoded_within_its_bounds() -> None:
    facts = film(MOV, codecs="hevc yuv420p aac", width=3841, height=2161, fps=Fraction(240))
    found = plan(facts, SOCIAL, Fit.CROP)
    assert isinstance(found, Encode)
    assert found.framing.canvas == (1920, 1080)
    assert found.fps == 60
    assert found.bit_rate * 30 / 8 < 100 * MB


def test_few_bytes_make_a_small_film_and_too_few_none() -> None:
    long = film(duration=timedelta(seconds=90), size=200 * MB, width=1920, height=1080)
    sizes = []
    for max_bytes in (100 * MB, 10 * MB, 4 * MB):
        rules = MediaRules(videos=replace(VIDEOS, max_bytes=max_bytes))
        found = plan(long, rules, Fit.CROP)
        assert isinstance(found, Encode)
        sizes.append(found.framing.canvas)
        assert (found.bit_rate + 128_000) * 90 / 8 <= max_bytes
        assert found.framing.canvas[0] % 2 == found.framing.canvas[1] % 2 == 0
    assert sizes[0] == (1920, 1080)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < (800, 450)
    rules = MediaRules(videos=replace(VIDEOS, max_bytes=MB))
    refused = plan(long, rules, Fit.CROP)
    assert isinstance(refused, Unfit)
    assert refused.code == "MEDIA_TOO_MANY_BYTES"


@pytest.mark.parametrize(
    ("facts", "rules", "code"),
    [
        (film(), MediaRules(images=IMAGES), "MEDIA_KIND_NOT_TAKEN"),
        (image(), MediaRules(videos=VIDEOS), "MEDIA_KIND_NOT_TAKEN"),
        (moving(), MediaRules(), "MEDIA_KIND_NOT_TAKEN"),
        (
            image(HEIC),
            MediaRules(images=replace(IMAGES, formats=("image/tiff",))),
            "MEDIA_KIND_NOT_TAKEN",
        ),
        (
            moving(WEBP),
            MediaRules(animations=replace(GIFS, formats=("image/png",))),
            "MEDIA_KIND_NOT_TAKEN",
        ),
        (film(duration=timedelta(seconds=90, milliseconds=1)), SOCIAL, "MEDIA_TOO_LONG"),
        (film(duration=timedelta(seconds=2.9)), SOCIAL, "MEDIA_TOO_SHORT"),
        (moving(duration=timedelta(minutes=2)), MediaRules(videos=VIDEOS), "MEDIA_TOO_LONG"),
        (
            moving(duration=timedelta(seconds=2)),
            MediaRules(videos=replace(VIDEOS, max_duration=timedelta(seconds=3))),
            "MEDIA_TOO_SHORT",
        ),
        (image(width=70, height=70), MediaRules(images=FEED), "MEDIA_TOO_SMALL"),
        (
            Facts(kind=MediaKind.DOCUMENT, format=MediaFormat.PDF, size=MB + 1),
            MediaRules(documents=PAGES),
            "MEDIA_TOO_MANY_BYTES",
        ),
        (
            Facts(kind=MediaKind.DOCUMENT, format=MediaFormat.PDF, size=MB, pages=301),
            MediaRules(documents=replace(PAGES, max_pages=300)),
            "MEDIA_TOO_MANY_PAGES",
        ),
    ],
)
def test_what_cannot_be_made_to_fit(facts: Facts, rules: MediaRules, code: str) -> None:
    refused = plan(facts, rules, Fit.CROP)
    assert isinstance(refused, Unfit)
    assert refused.code == code
    assert refused.words


def test_rules_come_from_the_channels_words() -> None:
    """What `asdict` makes of what a provider says, and what JSON makes of that."""
    told = channels.MediaRules(
        images=channels.ImageRules(
            max_bytes=2 * MB, shape=channels.Shape(max_width=9, min_ratio=Fraction(4, 5))
        ),
        videos=channels.VideoRules(max_bytes=7, max_duration=timedelta(seconds=1.5)),
        documents=channels.DocumentRules(max_bytes=8, max_pages=9),
        max_items=4,
    )
    rules = read_rules(asdict(told))
    assert rules.images == ImageRules(
        formats=("image/jpeg", "image/png"),
        max_bytes=2 * MB,
        shape=Shape(max_width=9, min_ratio=Fraction(4, 5)),
    )
    assert rules.videos is not None
    assert rules.videos.max_duration == timedelta(seconds=1.5)
    assert rules.animations is None
    assert rules.documents == DocumentRules(formats=("application/pdf",), max_bytes=8, max_pages=9)
    assert read_rules(as_plain(rules)) == rules


@pytest.mark.parametrize(
    "document",
    [
        {"images": {}},
        {"images": {"formats": ["image/jpeg"], "max_bytes": "many"}},
        {"images": {"formats": ["image/jpeg"], "max_bytes": 1, "shape": {"min_ratio": "1/0"}}},
        {"videos": {"formats": [], "max_bytes": 1}},
        {"images": [1]},
        {"documents": {"formats": None, "max_bytes": 1}},
    ],
)
def test_what_is_no_rules(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 any will do
        read_rules(document)


def test_a_profile_is_of_the_rules_and_the_fit() -> None:
    known = profile_of(SOCIAL, Fit.CROP)
    assert known == profile_of(read_rules(as_plain(SOCIAL)), Fit.CROP)
    assert known == "0568ce574579d3541f4b10ae154028f2"
    others = {
        profile_of(SOCIAL, Fit.PAD),
        profile_of(MediaRules(images=IMAGES), Fit.CROP),
        profile_of(MediaRules(images=FEED, videos=VIDEOS), Fit.CROP),
        profile_of(replace(SOCIAL, documents=PAGES), Fit.CROP),
        profile_of(replace(SOCIAL, documents=replace(PAGES, max_pages=1)), Fit.CROP),
    }
    assert len(others | {known}) == 6


@given(
    st.integers(1, 10_000),
    st.integers(1, 10_000),
    st.integers(1, 50 * MB),
    st.sampled_from([JPEG, PNG, WEBP, HEIC, AVIF, GIF]),
    st.sampled_from([IMAGES, FEED]),
    st.sampled_from(Fit),
)
def test_every_picture_has_a_plan(
    width: int, height: int, size: int, format_: MediaFormat, rules: ImageRules, fit: Fit
) -> None:
    facts = image(format_, width=width, height=height, size=size)
    match plan(facts, MediaRules(images=rules), fit):
        case AsItIs():
            assert format_ in rules.formats
            assert size <= rules.max_bytes
        case Draw(format=drawn, framings=framings):
            assert drawn in rules.formats
            assert all(isinstance(framing, Framing) for framing in framings)
        case other:
            assert isinstance(other, Unfit)
