"""Whether a publication may carry what its author attaches to it.

What fitting mends is no problem: format, measures, ratio, and the bytes of pictures and films.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Protocol

from shared.channels.domain.media import DocumentRules, ImageRules, MediaKind, MediaRules, Shape

_COVER = ImageRules(max_bytes=2_000_000, shape=Shape(max_width=1920, max_height=1920))


class Shown(Protocol):
    """A file that is to be attached, as far as it is known; `size` in bytes, sides in pixels.

    `pages` are those of a document.
    """

    @property
    def kind(self) -> str: ...

    @property
    def mime_type(self) -> str: ...

    @property
    def size(self) -> int | None: ...

    @property
    def width(self) -> int | None: ...

    @property
    def height(self) -> int | None: ...

    @property
    def pages(self) -> int | None: ...

    @property
    def duration(self) -> timedelta | None: ...

    @property
    def alt_text(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class MediaProblem:
    """`item` is the place of what it is about; where there is none, it is about all together.

    `attribute` is what of the item is wrong, if not the file itself.
    """

    code: str
    words: str
    item: int | None = None
    attribute: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)


def narrowed(rules: MediaRules, limits: Mapping[str, int]) -> MediaRules:
    """The rules of an account whose own limits are less than its network's.

    They are `media_items`, `alt_text_length`, and in bytes `image_bytes` and `video_bytes`.
    """
    most = limits.get("media_items", rules.max_items)
    picture_bytes = limits.get("image_bytes")
    film_bytes = limits.get("video_bytes")
    if film_bytes is not None and rules.videos is not None:
        least = min(film_bytes, rules.videos.max_bytes)
        rules = replace(rules, videos=replace(rules.videos, max_bytes=least))
    return replace(
        rules,
        images=_bounded(rules.images, picture_bytes),
        animations=_bounded(rules.animations, picture_bytes),
        max_items=min(rules.max_items, most),
        alt_text_length=min(
            rules.alt_text_length, limits.get("alt_text_length", rules.alt_text_length)
        ),
    )


def _bounded(rules: ImageRules | None, most: int | None) -> ImageRules | None:
    if rules is None or most is None:
        return rules
    return replace(rules, max_bytes=min(most, rules.max_bytes))


def cover_rules(rules: MediaRules) -> MediaRules:
    """Of the picture before a film: as any other, or modest where the network takes no other."""
    return MediaRules(images=rules.images or _COVER)


def goes_as(kind: MediaKind, rules: MediaRules) -> MediaKind:
    """An animation without rules of its own goes as a picture, or else as a film."""
    if kind is MediaKind.ANIMATION and rules.animations is None:
        return MediaKind.IMAGE if rules.images else MediaKind.VIDEO
    return kind


def media_problems(rules: MediaRules, shown: Sequence[Shown]) -> list[MediaProblem]:
    """All that stands against them.

    `MEDIA_REQUIRED`, `TOO_MANY_MEDIA`, `MEDIA_NOT_MIXED`, `MEDIA_KIND_NOT_SUPPORTED`,
    `MEDIA_SIZES_DIFFER`, `MEDIA_TOO_LONG`, `MEDIA_TOO_SHORT`, `MEDIA_TOO_LARGE`,
    `MEDIA_TOO_MANY_PAGES` or `ALT_TEXT_TOO_LONG`.
    """
    kinds = [goes_as(MediaKind(one.kind), rules) for one in shown]
    return [
        *_of_all(rules, kinds),
        *(_of_sizes(shown) if rules.one_size else ()),
        *(
            problem
            for place, (one, kind) in enumerate(zip(shown, kinds, strict=True))
            for problem in _of_one(rules, one, kind, place)
        ),
    ]


def _of_all(rules: MediaRules, kinds: Sequence[MediaKind]) -> Iterator[MediaProblem]:
    if len(kinds) < rules.min_items:
        yield MediaProblem(
            code="MEDIA_REQUIRED",
            words=f"Attach {rules.min_items} or more files",
            meta={"count": len(kinds), "limit": rules.min_items},
        )
    taken = Counter(kind for kind in kinds if _rules_of(rules, kind) is not None)
    if taken.total() > rules.max_items:
        yield _too_many("files", taken.total(), rules.max_items)
    for kind, count in taken.items():
        if rules.max_items >= count > _MOST[kind](rules):
            yield _too_many(f"files of kind {kind}", count, _MOST[kind](rules))
    if len(taken) > 1 and not rules.mixed:
        yield MediaProblem(
            code="MEDIA_NOT_MIXED",
            words="Files of several kinds cannot be published together",
            meta={"kinds": sorted(taken)},
        )


def _of_sizes(shown: Sequence[Shown]) -> Iterator[MediaProblem]:
    """As far as sizes are known."""
    sizes = [(one.width, one.height) for one in shown if one.width and one.height]
    for place, size in enumerate(sizes):
        if size != sizes[0]:
            (width, height), (wide, high) = size, sizes[0]
            yield MediaProblem(
                code="MEDIA_SIZES_DIFFER",
                words=f"Pictures must be of one size: this is {width} by {height},"
                f" the first {wide} by {high}",
                item=place,
                meta={"width": width, "height": height},
            )
            return


def _too_many(what: str, count: int, limit: int) -> MediaProblem:
    return MediaProblem(
        code="TOO_MANY_MEDIA",
        words=f"At most {limit} {what} may be attached, these are {count}",
        meta={"count": count, "limit": limit},
    )


def _of_one(rules: MediaRules, one: Shown, kind: MediaKind, place: int) -> Iterator[MediaProblem]:
    if _rules_of(rules, kind) is None:
        yield MediaProblem(
            code="MEDIA_KIND_NOT_SUPPORTED",
            words=f"No {one.kind} can be published there",
            item=place,
            meta={"kind": one.kind},
        )
        return
    if kind is MediaKind.VIDEO and rules.videos and one.duration is not None:
        least, most = rules.videos.min_duration, rules.videos.max_duration
        if one.duration > most:
            yield _wrong_length("MEDIA_TOO_LONG", "at most", one.duration, most, place)
        if one.duration < least and one.kind == kind:
            yield _wrong_length("MEDIA_TOO_SHORT", "at least", one.duration, least, place)
    if kind is MediaKind.DOCUMENT and rules.documents is not None:
        yield from _of_document(rules.documents, one, place)
    if 0 < rules.alt_text_length < len(one.alt_text):
        yield MediaProblem(
            code="ALT_TEXT_TOO_LONG",
            words=f"A description may have {rules.alt_text_length} characters,"
            f" this has {len(one.alt_text)}",
            item=place,
            attribute="alt_text",
            meta={"count": len(one.alt_text), "limit": rules.alt_text_length},
        )


def _of_document(rules: DocumentRules, one: Shown, place: int) -> Iterator[MediaProblem]:
    if one.mime_type not in rules.formats:
        yield MediaProblem(
            code="MEDIA_KIND_NOT_SUPPORTED",
            words="No document of this kind can be published there",
            item=place,
            meta={"mime_type": one.mime_type},
        )
    if one.size is not None and one.size > rules.max_bytes:
        yield MediaProblem(
            code="MEDIA_TOO_LARGE",
            words=f"A document may have {rules.max_bytes} bytes, this has {one.size}",
            item=place,
            meta={"count": one.size, "limit": rules.max_bytes},
        )
    if rules.max_pages is not None and one.pages is not None and one.pages > rules.max_pages:
        yield MediaProblem(
            code="MEDIA_TOO_MANY_PAGES",
            words=f"A document may have {rules.max_pages} pages, this has {one.pages}",
            item=place,
            meta={"count": one.pages, "limit": rules.max_pages},
        )


def _wrong_length(
    code: str, word: str, duration: timedelta, limit: timedelta, place: int
) -> MediaProblem:
    lasts, allowed = duration.total_seconds(), limit.total_seconds()
    return MediaProblem(
        code=code,
        words=f"A film must last {word} {allowed:g} seconds, this lasts {lasts:g}",
        item=place,
        meta={"count": lasts, "limit": allowed},
    )


def _rules_of(rules: MediaRules, kind: MediaKind) -> object:
    return {
        MediaKind.IMAGE: rules.images,
        MediaKind.ANIMATION: rules.animations,
        MediaKind.VIDEO: rules.videos,
        MediaKind.DOCUMENT: rules.documents,
    }[kind]


_MOST: Mapping[MediaKind, Callable[[MediaRules], int]] = {
    MediaKind.IMAGE: lambda rules: rules.max_images,
    MediaKind.ANIMATION: lambda rules: rules.max_animations,
    MediaKind.VIDEO: lambda rules: rules.max_videos,
    MediaKind.DOCUMENT: lambda rules: rules.max_documents,
}
