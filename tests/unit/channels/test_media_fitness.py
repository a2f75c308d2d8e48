"""Whether a publication may carry what is to be attached to it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from shared.channels.adapters.registry import load, slugs
from shared.channels.domain.media import (
    NO_MEDIA,
    DocumentRules,
    ImageRules,
    MediaKind,
    MediaRules,
    VideoRules,
)
from shared.channels.domain.media_fitness import goes_as, media_problems, narrowed

PICTURES = ImageRules(max_bytes=1000)
FILMS = VideoRules(
    max_bytes=1000, min_duration=timedelta(seconds=3), max_duration=timedelta(seconds=60)
)
RULES = MediaRules(
    images=PICTURES,
    videos=FILMS,
    documents=DocumentRules(max_bytes=1000, max_pages=3),
    max_images=3,
    max_videos=1,
    max_documents=1,
    max_items=3,
    alt_text_length=10,
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    kind: str = "image"
    mime_type: str = "image/heic"
    size: int | None = 10_000_000
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    duration: timedelta | None = None
    alt_text: str = ""


PICTURE, GIF = Shown(), Shown(kind="animation", duration=timedelta(minutes=9))
FILM = Shown(kind="video", duration=timedelta(seconds=30))
LONG, SHORT = (
    Shown(kind="video", duration=timedelta(seconds=61)),
    Shown(kind="video", duration=timedelta(seconds=2)),
)
UNKNOWN = Shown(kind="video", size=None)
PAGES = Shown(kind="document", mime_type="application/pdf", size=1000, pages=3)
UNCOUNTED = Shown(kind="document", mime_type="application/pdf", size=1000)
THICK = Shown(kind="document", mime_type="application/pdf", size=1000, pages=4)
BOOK = Shown(kind="document", mime_type="application/pdf", size=1001)
SHEET = Shown(kind="document", mime_type="application/vnd.ms-excel", size=1)
TALE = Shown(alt_text="x" * 11)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([], []),
        ([PICTURE] * 3, []),
        ([FILM], []),
        ([GIF], []),
        ([PICTURE, GIF], []),
        ([UNKNOWN], []),
        ([PAGES], []),
        ([UNCOUNTED], []),
        ([PICTURE] * 4, [("TOO_MANY_MEDIA", None)]),
        ([FILM] * 2, [("TOO_MANY_MEDIA", None)]),
        ([FILM, PICTURE], [("MEDIA_NOT_MIXED", None)]),
        ([LONG], [("MEDIA_TOO_LONG", 0)]),
        ([SHORT], [("MEDIA_TOO_SHORT", 0)]),
        ([BOOK], [("MEDIA_TOO_LARGE", 0)]),
        ([THICK], [("MEDIA_TOO_MANY_PAGES", 0)]),
        ([SHEET], [("MEDIA_KIND_NOT_SUPPORTED", 0)]),
        ([PICTURE, TALE], [("ALT_TEXT_TOO_LONG", 1)]),
        (
            [LONG, TALE],
            [("MEDIA_NOT_MIXED", None), ("MEDIA_TOO_LONG", 0), ("ALT_TEXT_TOO_LONG", 1)],
        ),
    ],
)
def test_what_cannot_be_mended_is_told(
    shown: list[Shown], expected: list[tuple[str, int | None]]
) -> None:
    assert [(each.code, each.item) for each in media_problems(RULES, shown)] == expected


def test_a_network_without_media_takes_none() -> None:
    assert [each.code for each in media_problems(NO_MEDIA, [PICTURE, FILM])] == [
        "MEDIA_KIND_NOT_SUPPORTED",
        "MEDIA_KIND_NOT_SUPPORTED",
    ]


def test_what_must_be_attached_is_missed() -> None:
    needy = MediaRules(images=PICTURES, max_images=2, max_items=2, min_items=2)
    assert [each.code for each in media_problems(needy, [PICTURE])] == ["MEDIA_REQUIRED"]


def test_an_animation_goes_as_what_the_network_has() -> None:
    films_only = MediaRules(videos=FILMS, max_videos=1, max_items=1)
    both = MediaRules(images=PICTURES, animations=PICTURES)
    assert goes_as(MediaKind.ANIMATION, RULES) is MediaKind.IMAGE
    assert goes_as(MediaKind.ANIMATION, films_only) is MediaKind.VIDEO
    assert goes_as(MediaKind.ANIMATION, both) is MediaKind.ANIMATION
    still = [each.code for each in media_problems(films_only, [GIF])]
    assert still == ["MEDIA_TOO_LONG"]


def test_an_account_may_take_less_and_never_more() -> None:
    limits = {"media_items": 2, "alt_text_length": 99, "image_bytes": 500, "video_bytes": 5000}
    rules = narrowed(RULES, limits)
    assert (rules.max_items, rules.alt_text_length) == (2, 10)
    assert rules.images is not None
    assert rules.videos is not None
    assert (rules.images.max_bytes, rules.videos.max_bytes) == (500, 1000)
    assert narrowed(RULES, {"max_length": 5}) == RULES


@pytest.mark.parametrize("slug", sorted(slugs()))
def test_each_network_takes_what_its_rules_say(slug: str) -> None:
    """And nothing more, as far as it is told before anything is sent."""
    rules = load(slug).media_rules({})
    for kind, most in (
        (MediaKind.IMAGE, rules.max_images if rules.images else 0),
        (MediaKind.ANIMATION, rules.max_animations if rules.animations else 0),
    ):
        one = Shown(kind=kind)
        if most:
            assert media_problems(rules, [one] * max(1, rules.min_items)) == []
            too_many = media_problems(rules, [one] * (min(most, rules.max_items) + 1))
            assert "TOO_MANY_MEDIA" in {each.code for each in too_many}
