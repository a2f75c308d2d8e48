"""What pages take (developers.facebook.com: `Page/photos`, `Page/videos`, Reels, Page stories)."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from shared.channels.domain.media import ImageRules, MediaKind, MediaRules, Shape, VideoRules

_MEBIBYTE = 1024 * 1024
_MOST = 10
_FILMS = ("video/mp4", "video/quicktime")

_PICTURES = ImageRules(max_bytes=4 * _MEBIBYTE, shape=Shape(max_width=8192, max_height=8192))
_UPRIGHT = Shape(
    min_width=540, min_height=960, min_ratio=Fraction(9, 16), max_ratio=Fraction(9, 16)
)

_FEED = MediaRules(
    images=_PICTURES,
    videos=VideoRules(
        formats=_FILMS,
        max_bytes=10 * 1024 * _MEBIBYTE,
        min_duration=timedelta(seconds=1),
        max_duration=timedelta(minutes=240),
    ),
    max_images=_MOST,
    max_videos=1,
    max_items=_MOST,
    alt_text_length=1000,
    without_alt_text=(MediaKind.VIDEO,),
)
_STORY = MediaRules(
    images=_PICTURES,
    videos=VideoRules(
        formats=_FILMS,
        max_bytes=1024 * _MEBIBYTE,
        shape=_UPRIGHT,
        min_duration=timedelta(seconds=3),
        max_duration=timedelta(seconds=60),
        min_fps=24,
    ),
    max_images=1,
    max_videos=1,
    min_items=1,
    max_items=1,
)
_REEL = MediaRules(
    videos=VideoRules(
        formats=_FILMS,
        max_bytes=1024 * _MEBIBYTE,
        shape=_UPRIGHT,
        min_duration=timedelta(seconds=3),
        max_duration=timedelta(seconds=90),
        min_fps=24,
    ),
    max_videos=1,
    min_items=1,
    max_items=1,
)


def rules(settings: Mapping[str, Any]) -> MediaRules:
    match settings.get("post_type"):
        case "story":
            return _STORY
        case "reel":
            return _REEL
    return _FEED
