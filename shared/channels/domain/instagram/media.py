"""What Instagram takes (developers.facebook.com, Instagram Platform: `IG User/media`)."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from shared.channels.domain.media import ImageRules, MediaKind, MediaRules, Shape, VideoRules

_MEBIBYTE = 1024 * 1024
_ALT_TEXT = 1000
_CAROUSEL = 10
_FILM_SHAPE = Shape(max_width=1920, min_ratio=Fraction(1, 100), max_ratio=Fraction(10))

_PICTURES = ImageRules(
    formats=("image/jpeg",),
    max_bytes=8 * _MEBIBYTE,
    shape=Shape(
        min_width=320, max_width=1440, min_ratio=Fraction(4, 5), max_ratio=Fraction(191, 100)
    ),
)
_REELS = VideoRules(
    formats=("video/mp4", "video/quicktime"),
    max_bytes=300 * _MEBIBYTE,
    shape=_FILM_SHAPE,
    min_duration=timedelta(seconds=3),
    max_duration=timedelta(minutes=15),
    min_fps=23,
    max_fps=60,
)
_STORY_PICTURES = ImageRules(
    formats=("image/jpeg",),
    max_bytes=8 * _MEBIBYTE,
    shape=Shape(min_width=320, max_width=1440, min_ratio=Fraction(9, 16), max_ratio=Fraction(2)),
)
_STORY_FILMS = VideoRules(
    formats=("video/mp4", "video/quicktime"),
    max_bytes=100 * _MEBIBYTE,
    shape=_FILM_SHAPE,
    min_duration=timedelta(seconds=3),
    max_duration=timedelta(seconds=60),
    min_fps=23,
    max_fps=60,
)

_FEED = MediaRules(
    images=_PICTURES,
    videos=_REELS,
    max_images=_CAROUSEL,
    max_videos=_CAROUSEL,
    min_items=1,
    max_items=_CAROUSEL,
    mixed=True,
    alt_text_length=_ALT_TEXT,
    without_alt_text=(MediaKind.VIDEO,),
)
_STORY = MediaRules(
    images=_STORY_PICTURES,
    videos=_STORY_FILMS,
    max_images=1,
    max_videos=1,
    min_items=1,
    max_items=1,
)
_TRIAL_REEL = MediaRules(videos=_REELS, max_videos=1, min_items=1, max_items=1)


def rules(settings: Mapping[str, Any]) -> MediaRules:
    if settings.get("post_type") == "story":
        return _STORY
    return _TRIAL_REEL if settings.get("is_trial_reel") is True else _FEED
