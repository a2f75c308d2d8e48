"""Reading bytes one part after the other, of a file that may end anywhere."""

from typing import Literal

from shared.media.domain.refusals import truncated


class Cursor:
    """A place in `content`; whoever asks for more than is left learns that the file is cut off."""

    def __init__(self, content: bytes | memoryview, *, position: int = 0) -> None:
        self._content = memoryview(content)
        self.position = position

    @property
    def left(self) -> int:
        return len(self._content) - self.position

    def take(self, length: int) -> memoryview:
        """The next `length` bytes.

        Raises:
            MediaRefused: `MEDIA_TRUNCATED`.
        """
        if length > self.left:
            raise truncated()
        start = self.position
        self.position += length
        return self._content[start : self.position]

    def number(self, length: int, order: Literal["big", "little"] = "big") -> int:
        return int.from_bytes(self.take(length), order)
