"""Why a file is not taken.

MEDIA_TRUNCATED       it ends before it should
MEDIA_UNREADABLE      it is damaged, or in a way of its format that nobody reads, or not in time
MEDIA_TYPE_MISMATCH   it is of another kind than its first bytes say
MEDIA_TOO_LARGE       it has more pixels than we open
MEDIA_LOCKED          a document that opens with a password only
MEDIA_EMPTY           a film in which nothing moves: no picture, or no time
"""

from datetime import timedelta

from shared.kernel.errors import RuleViolation


class MediaRefused(RuleViolation):
    """Nothing that we could do with the file would be of use to whoever uploaded it."""


def truncated() -> MediaRefused:
    return MediaRefused("MEDIA_TRUNCATED", "The file ends before it should: upload it again")


def unreadable() -> MediaRefused:
    return MediaRefused("MEDIA_UNREADABLE", "The file is damaged or written in an unusual way")


def too_slow(at_most: timedelta) -> MediaRefused:
    return MediaRefused(
        "MEDIA_UNREADABLE",
        f"It takes more than {at_most.total_seconds():g} seconds to read: save it anew",
    )


def mismatched() -> MediaRefused:
    return MediaRefused("MEDIA_TYPE_MISMATCH", "The file is not what its first bytes say it is")


def too_large(width: int, height: int, *, pixels: int) -> MediaRefused:
    return MediaRefused(
        "MEDIA_TOO_LARGE",
        f"It has {width} by {height} pixels; up to {pixels} are taken",
        meta={"width": width, "height": height, "max_pixels": pixels},
    )


def moves_too_long(frames: int, *, pixels: int) -> MediaRefused:
    return MediaRefused(
        "MEDIA_TOO_LARGE",
        f"Its {frames} pictures have more pixels together than the {pixels} that are taken",
        meta={"frames": frames, "max_pixels": pixels},
    )


def locked() -> MediaRefused:
    return MediaRefused("MEDIA_LOCKED", "The document opens with a password: save it without")


def empty_film() -> MediaRefused:
    return MediaRefused("MEDIA_EMPTY", "There is nothing to see in this film")
