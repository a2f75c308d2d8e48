"""What a network takes of each kind of file, in words of our own: what fitting goes by.

Whoever asks hands it over as plain data with the fields below; others in it say nothing here.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

_FITTING = 1
"""Raised where the same rules are to be met in another way: then everything is made anew."""


class Fit(StrEnum):
    """What becomes of a file whose ratio is not taken."""

    CROP = "crop"
    """Its middle is shown."""
    PAD = "pad"
    """All of it is shown, on a ground of white or, in a film, of black."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Bounds of what is seen: pixels of either side, and width divided by height."""

    min_width: int = 1
    min_height: int = 1
    max_width: int | None = None
    max_height: int | None = None
    min_ratio: Fraction | None = None
    max_ratio: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class ImageRules:
    """`formats` are MIME types, the first of them what anything else is converted to."""

    formats: tuple[str, ...]
    max_bytes: int
    shape: Shape = Shape()


@dataclass(frozen=True, kw_only=True)
class VideoRules:
    formats: tuple[str, ...]
    max_bytes: int
    max_duration: timedelta
    shape: Shape = Shape()
    min_duration: timedelta = timedelta()
    min_fps: int = 1
    max_fps: int = 60


@dataclass(frozen=True, kw_only=True)
class DocumentRules:
    formats: tuple[str, ...]
    max_bytes: int
    max_pages: int | None = None


@dataclass(frozen=True, kw_only=True)
class MediaRules:
    """A kind without rules is not taken as such."""

    images: ImageRules | None = None
    animations: ImageRules | None = None
    videos: VideoRules | None = None
    documents: DocumentRules | None = None


def read_rules(document: Mapping[str, Any]) -> MediaRules:
    """Rules out of plain data: of JSON, or of a dataclass taken apart by `asdict`.

    Raises:
        ValueError: they are no rules.
    """
    try:
        return MediaRules(
            images=_images(document.get("images")),
            animations=_images(document.get("animations")),
            videos=_videos(document.get("videos")),
            documents=_documents(document.get("documents")),
        )
    except (KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise ValueError("these are no rules of media") from error


def as_plain(rules: MediaRules) -> dict[str, Any]:
    """What `read_rules` reads, as JSON can carry it."""
    videos, documents = rules.videos, rules.documents
    return {
        "images": None if rules.images is None else _plain_images(rules.images),
        "animations": None if rules.animations is None else _plain_images(rules.animations),
        "videos": None
        if videos is None
        else {
            **_plain_images(videos),
            "min_duration": videos.min_duration.total_seconds(),
            "max_duration": videos.max_duration.total_seconds(),
            "min_fps": videos.min_fps,
            "max_fps": videos.max_fps,
        },
        "documents": None if documents is None else _plain_documents(documents),
    }


def profile_of(rules: MediaRules, fit: Fit) -> str:
    """A short name of the rules and of how they are to be met, the same on every machine."""
    told = json.dumps([_FITTING, fit, as_plain(rules)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _shape(document: Mapping[str, Any] | None) -> Shape:
    told = document or {}
    sides: dict[str, Any] = {
        name: int(told[name])
        for name in ("min_width", "min_height", "max_width", "max_height")
        if told.get(name) is not None
    }
    ratios: dict[str, Any] = {
        name: Fraction(told[name])
        for name in ("min_ratio", "max_ratio")
        if told.get(name) is not None
    }
    return Shape(**sides, **ratios)


def _images(document: Mapping[str, Any] | None) -> ImageRules | None:
    return (
        None
        if document is None
        else ImageRules(
            formats=tuple(document["formats"]),
            max_bytes=int(document["max_bytes"]),
            shape=_shape(document.get("shape")),
        )
    )


def _videos(document: Mapping[str, Any] | None) -> VideoRules | None:
    return (
        None
        if document is None
        else VideoRules(
            formats=tuple(document["formats"]),
            max_bytes=int(document["max_bytes"]),
            shape=_shape(document.get("shape")),
            min_duration=_duration(document.get("min_duration", 0)),
            max_duration=_duration(document["max_duration"]),
            min_fps=int(document.get("min_fps", 1)),
            max_fps=int(document.get("max_fps", 60)),
        )
    )


def _documents(document: Mapping[str, Any] | None) -> DocumentRules | None:
    if document is None:
        return None
    pages = document.get("max_pages")
    return DocumentRules(
        formats=tuple(document["formats"]),
        max_bytes=int(document["max_bytes"]),
        max_pages=None if pages is None else int(pages),
    )


def _duration(told: timedelta | float) -> timedelta:
    return told if isinstance(told, timedelta) else timedelta(seconds=told)


def _plain_images(rules: ImageRules | VideoRules) -> dict[str, Any]:
    return {
        "formats": list(rules.formats),
        "max_bytes": rules.max_bytes,
        "shape": {
            "min_width": rules.shape.min_width,
            "min_height": rules.shape.min_height,
            "max_width": rules.shape.max_width,
            "max_height": rules.shape.max_height,
            "min_ratio": _text(rules.shape.min_ratio),
            "max_ratio": _text(rules.shape.max_ratio),
        },
    }


def _plain_documents(rules: DocumentRules) -> dict[str, Any]:
    """Without pages where they are not counted, so that such rules keep their profile."""
    pages = {} if rules.max_pages is None else {"max_pages": rules.max_pages}
    return {"formats": list(rules.formats), "max_bytes": rules.max_bytes, **pages}


def _text(ratio: Fraction | None) -> str | None:
    return None if ratio is None else str(ratio)
