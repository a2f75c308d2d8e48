"""Reading here and there in a file that is far away, without asking for each few bytes."""

from shared.media.domain.header_size import Read

WINDOW = 64 * 1024


def windowed(read: Read) -> Read:
    """The same, but what lies beside what was asked for last is not asked for again."""
    begins, kept = 0, b""

    def within(start: int, length: int) -> bytes:
        nonlocal begins, kept
        if not begins <= start <= start + length <= begins + len(kept):
            begins, kept = start, read(start, max(length, WINDOW))
        return kept[start - begins : start - begins + length]

    return within
