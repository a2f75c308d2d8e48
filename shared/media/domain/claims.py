"""What somebody says of a file before its bytes are there, and whether that can be."""

import re
from collections.abc import Collection, Iterator, Sequence

from shared.kernel.errors import RuleViolation, broken
from shared.kernel.text import demand_storable, plain_name
from shared.media.domain.limits import Limits
from shared.media.domain.signature import MediaFormat

NAME_LENGTH = 255
ALT_TEXT_LENGTH = 2_000
TAGS = 50
TAG_LENGTH = 50

_ALIASES = {
    "image/jpg": MediaFormat.JPEG,
    "image/pjpeg": MediaFormat.JPEG,
    "image/apng": MediaFormat.PNG,
    "image/heif": MediaFormat.HEIC,
    "image/heic-sequence": MediaFormat.HEIC,
    "video/avi": MediaFormat.AVI,
    "video/msvideo": MediaFormat.AVI,
    "video/x-m4v": MediaFormat.MP4,
}
"""What browsers and systems call some of them."""
_ONE_FAMILY = frozenset({MediaFormat.MP4, MediaFormat.MOV})
"""Cameras and editors write the one and call it the other."""
_DIGEST = re.compile("[0-9a-f]{64}")
_FORMATS = {each.value: each for each in MediaFormat}


def format_claimed(mime_type: str) -> MediaFormat:
    """The format that goes by a MIME type.

    Raises:
        RuleViolation: `MEDIA_TYPE_NOT_ACCEPTED`.
    """
    essence = mime_type.partition(";")[0].strip().lower()
    found = _FORMATS.get(essence) or _ALIASES.get(essence)
    if found is None:
        raise not_accepted()
    return found


def not_accepted() -> RuleViolation:
    return RuleViolation(
        "MEDIA_TYPE_NOT_ACCEPTED",
        f"Files are one of {', '.join(_FORMATS)}",
        field="mime_type",
        meta={"accepted": list(_FORMATS)},
    )


def are_alike(one: MediaFormat, other: MediaFormat) -> bool:
    """Whether a file of the one may go by the name of the other."""
    return one == other or {one, other} <= _ONE_FAMILY


def demand_extension(name: str, format_: MediaFormat) -> None:
    """Refuse a name that ends as those of other files do; it need not end in anything.

    Raises:
        RuleViolation: `MEDIA_EXTENSION_MISMATCH`.
    """
    _, dot, extension = name.rpartition(".")
    fitting = [
        known for each in MediaFormat if are_alike(each, format_) for known in each.extensions
    ]
    if dot and re.fullmatch("[A-Za-z0-9]{1,10}", extension) and extension.lower() not in fitting:
        raise RuleViolation(
            "MEDIA_EXTENSION_MISMATCH",
            f"The name of such a file ends in .{' or .'.join(fitting)}",
            field="name",
        )


def demand_size(size: int, format_: MediaFormat, limits: Limits) -> None:
    """Refuse a file with more bytes than its kind may have, or none.

    Raises:
        RuleViolation: `MEDIA_EMPTY`, `MEDIA_TOO_MANY_BYTES`.
    """
    most = limits.bytes_of(format_)
    if size < 1:
        raise RuleViolation("MEDIA_EMPTY", "There is nothing in this file", field="size")
    if size > most:
        raise RuleViolation(
            "MEDIA_TOO_MANY_BYTES",
            f"Such a file may have {most} bytes; this one has {size}",
            field="size",
            meta={"max_bytes": most, "size": size},
        )


def demand_digest(sha256: str) -> None:
    if not _DIGEST.fullmatch(sha256):
        raise RuleViolation(
            "VALIDATION_ERROR", "A SHA-256 is written as 64 lower-case hexadecimal digits"
        )


def demand_alt_text(alt_text: str) -> None:
    demand_storable(alt_text)
    if len(alt_text) > ALT_TEXT_LENGTH:
        raise RuleViolation(
            "VALIDATION_ERROR", f"An alternative text has at most {ALT_TEXT_LENGTH} characters"
        )


def clean_tags(tags: Collection[str]) -> list[str]:
    """Distinct, on one line each, in the order in which they are given.

    Raises:
        RuleViolation: `VALIDATION_ERROR`.
    """
    demand_storable(list(tags))
    if len(tags) > TAGS:
        raise RuleViolation("VALIDATION_ERROR", f"A file has at most {TAGS} tags", field="tags")
    return list(dict.fromkeys(plain_name(tag, TAG_LENGTH) for tag in tags))


def clean_name(name: str) -> str:
    """The name of a file, without what leads to it or is no part of a name.

    Raises:
        RuleViolation: `VALIDATION_ERROR`.
    """
    demand_storable(name)
    return plain_name(re.split(r"[/\\]", name.strip())[-1], NAME_LENGTH)


def wrong_with_claims(
    *, name: str, size: int, mime_type: str, limits: Limits
) -> Iterator[RuleViolation]:
    """All that cannot be, as far as one can tell from what is claimed."""
    try:
        format_ = format_claimed(mime_type)
    except RuleViolation as unknown:
        yield unknown
        return
    yield from broken(lambda: demand_extension(name, format_), "name")
    yield from broken(lambda: demand_size(size, format_, limits), "size")


def renamed(name: str, format_: MediaFormat) -> str:
    """The name with the usual ending of the format, where it has another one or none."""
    stem, dot, extension = name.rpartition(".")
    if dot and extension.lower() in format_.extensions:
        return name
    is_an_ending = dot and re.fullmatch("[A-Za-z0-9]{1,5}", extension)
    ending = format_.extensions[0]
    return f"{(stem if is_an_ending else name)[: NAME_LENGTH - len(ending) - 1]}.{ending}"


def named_as(names: Sequence[str]) -> str:
    """The first of them that is a name at all."""
    for name in names:
        try:
            return clean_name(name)
        except RuleViolation:
            continue
    return "file"
