"""What a part of a variant shows: files of the media library, named by their ids."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from shared.kernel.errors import RuleViolation, broken, demand_none
from shared.kernel.text import demand_storable

ITEMS = 50
"""More than any network takes."""
ALT_TEXT_LENGTH = 5_000
FITS = ("crop", "pad")
"""What becomes of a picture of a shape that its network does not take."""
USABLE = frozenset({"processing", "ready"})
_KNOWN = {"media_id", "alt_text", "cover_media_id", "fit"}


class File(Protocol):
    """A file of the library. `kind` is unknown as long as its bytes are not there."""

    @property
    def name(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def kind(self) -> str | None: ...

    @property
    def mime_type(self) -> str: ...

    @property
    def alt_text(self) -> str: ...

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


@dataclass(frozen=True, kw_only=True)
class Item:
    """`alt_text` goes before the file's own; `cover_media_id` is the picture before a film.

    `path` is where it stands in its variant.
    """

    path: str
    media_id: UUID
    alt_text: str | None = None
    cover_media_id: UUID | None = None
    fit: str = FITS[0]

    @property
    def names(self) -> Iterator[tuple[str, UUID]]:
        """The files it names, each by the path of its field."""
        yield f"{self.path}.media_id", self.media_id
        if self.cover_media_id is not None:
            yield f"{self.path}.cover_media_id", self.cover_media_id


def items_of(document: Mapping[str, Any], path: str = "media") -> list[Item]:
    """Those of a document that keeps the rules; what else was stored in older days shows none."""
    items = document.get("items")
    if not isinstance(items, list):
        return []
    return [
        Item(
            path=f"{path}.items.{place}",
            media_id=UUID(each["media_id"]),
            alt_text=each.get("alt_text"),
            cover_media_id=UUID(cover) if (cover := each.get("cover_media_id")) else None,
            fit=each.get("fit") or FITS[0],
        )
        for place, each in enumerate(items)
        if _problem_of(each) is None
    ]


def strange_fields(document: Mapping[str, Any]) -> list[str]:
    """What was stored when media could be anything."""
    return [name for name in document if name != "items"]


def demand_media(document: Mapping[str, Any], path: str = "media") -> None:
    """Refuse what names no files, telling all that is wrong."""
    strange = (
        _invalid("There is no such field: media has items", f"{path}.{name[:40]}")
        for name in strange_fields(document)
    )
    demand_none([*strange, *malformed_items(document, path)])


def demand_shown(
    document: Mapping[str, Any], files: Mapping[UUID, File], path: str = "media"
) -> None:
    """The same, and of what is named and is not there; `files` are by their ids."""
    demand_media(document, path)
    demand_none(unusable(items_of(document, path), files))


def malformed_items(document: Mapping[str, Any], path: str = "media") -> list[RuleViolation]:
    items = document.get("items", [])
    if not isinstance(items, list) or len(items) > ITEMS:
        return [_invalid(f"Items are a list of at most {ITEMS}", f"{path}.items")]
    problems = {place: _problem_of(each) for place, each in enumerate(items)}
    return [
        _invalid(problem, f"{path}.items.{place}") for place, problem in problems.items() if problem
    ]


def _invalid(words: str, path: str) -> RuleViolation:
    return RuleViolation("VALIDATION_ERROR", words, field=path)


def _problem_of(item: object) -> str | None:
    if not isinstance(item, dict) or not item.keys() <= _KNOWN:
        return f"An item has no fields but {', '.join(sorted(_KNOWN))}"
    alt_text, cover = item.get("alt_text"), item.get("cover_media_id")
    is_kept = {
        "An item needs the id of a file: media_id": _is_id(item.get("media_id")),
        "This is the id of no file: cover_media_id": cover is None or _is_id(cover),
        f"A description is a text of at most {ALT_TEXT_LENGTH} characters: alt_text": (
            alt_text is None or _is_description(alt_text)
        ),
        f"fit is one of {', '.join(FITS)}": item.get("fit") in (None, *FITS),
    }
    return next((rule for rule, kept in is_kept.items() if not kept), None)


def _is_description(value: object) -> bool:
    if not isinstance(value, str) or len(value) > ALT_TEXT_LENGTH:
        return False
    return not broken(lambda: demand_storable(value), "alt_text")


def _is_id(value: object) -> bool:
    """As it is stored, for whoever uses a file is looked for by that."""
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def unusable(items: Sequence[Item], files: Mapping[UUID, File]) -> list[RuleViolation]:
    """Each file that is not there, or will never be."""
    return [
        violation
        for item in items
        for path, media_id in item.names
        if (violation := _unusable(files.get(media_id), path)) is not None
    ]


def _unusable(file: File | None, path: str) -> RuleViolation | None:
    if file is None:
        return RuleViolation("MEDIA_NOT_FOUND", "There is no such file", field=path)
    if file.status not in USABLE or file.kind is None:
        return RuleViolation(
            "MEDIA_NOT_USABLE",
            f"This file is {file.status}, and cannot be published",
            field=path,
            meta={"status": file.status},
        )
    if path.endswith(".cover_media_id") and file.kind != "image":
        return RuleViolation(
            "MEDIA_COVER_NOT_A_PICTURE", "Only a picture can stand before a film", field=path
        )
    return None
