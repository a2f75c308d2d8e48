"""PDF files: whether they are whole; they are never opened."""

import shutil
from pathlib import Path

from shared.media.domain.refusals import truncated

_END = b"%%EOF"
_TAIL = 4096
"""How many bytes after its end a document may have; readers look no further back, either."""


def clean_document(source: Path, target: Path) -> None:
    """Write it to `target` without what follows its end.

    Raises:
        MediaRefused: `MEDIA_TRUNCATED`, also of one with something large behind its end.
    """
    size = source.stat().st_size
    with source.open("rb") as file:
        file.seek(max(size - _TAIL, 0))
        tail = file.read()
    end = tail.rfind(_END)
    if end < 0:
        raise truncated()
    shutil.copyfile(source, target)
    with target.open("r+b") as file:
        file.truncate(max(size - _TAIL, 0) + end + len(_END))
