"""A first look at a file that has come: a few kilobytes of it, before anything opens it."""

from dataclasses import dataclass

from shared.media.domain.asset import MediaKind
from shared.media.domain.claims import are_alike, demand_extension, demand_size, not_accepted
from shared.media.domain.endings import demand_sound
from shared.media.domain.header_size import Read, header_size
from shared.media.domain.limits import Limits
from shared.media.domain.refusals import mismatched, too_large, unreadable
from shared.media.domain.signature import HEAD, MediaFormat, recognise


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`kind` may turn out another once it is opened: only that tells whether a picture moves."""

    format: MediaFormat
    kind: MediaKind


def look_at(
    read: Read, size: int, *, limits: Limits, claimed: MediaFormat | None, name: str | None
) -> Seen:
    """What a file is; `claimed` and `name` are nothing where nobody's word is held against it.

    Raises:
        RuleViolation: it is nothing that we take, or not what was claimed; see `refusals`.
    """
    found = recognise(read(0, HEAD))
    if found is None:
        raise not_accepted()
    if claimed is not None and not are_alike(found, claimed):
        raise mismatched()
    if name is not None:
        demand_extension(name, found)
    demand_size(size, found, limits)
    pixels = header_size(read, found)
    if pixels is not None:
        width, height = pixels
        if not width or not height:
            raise unreadable()
        if width * height > limits.pixels:
            raise too_large(width, height, pixels=limits.pixels)
    demand_sound(read, size, found)
    return Seen(format=found, kind=_kind(found))


def _kind(format_: MediaFormat) -> MediaKind:
    if format_ is MediaFormat.GIF:
        return MediaKind.ANIMATION
    if format_.is_picture:
        return MediaKind.IMAGE
    return MediaKind.VIDEO if format_.is_film else MediaKind.DOCUMENT
