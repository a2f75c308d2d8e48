"""PDF files: whether they are whole, and how many pages they have."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from shared.media.domain.asset import MediaKind
from shared.media.domain.facts import Facts
from shared.media.domain.refusals import MediaRefused, too_slow, truncated
from shared.media.domain.signature import MediaFormat

_END = b"%%EOF"
_TAIL = 4096
"""How many bytes after its end a document may have; readers look no further back, either."""

COUNTED_FOR = timedelta(minutes=1)
"""How long its pages are counted; what anybody reads takes seconds."""

_ROOT = Path(__file__).parents[3]
_COUNTING = "shared.media.adapters.page_count"


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


def inspect_document(path: Path, format_: MediaFormat) -> Facts:
    """Count its pages, whatever is on them.

    Raises:
        MediaRefused: `MEDIA_LOCKED`, `MEDIA_UNREADABLE`, also of one that takes too long.
    """
    return Facts(
        kind=MediaKind.DOCUMENT, format=format_, size=path.stat().st_size, pages=_pages(path)
    )


def _pages(path: Path) -> int:
    command = [sys.executable, "-m", _COUNTING, str(path.absolute())]
    try:
        counted = subprocess.run(  # noqa: S603 ourselves
            command,
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what the parser says of damage, as long as the damage
            timeout=COUNTED_FOR.total_seconds(),
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise too_slow(COUNTED_FOR) from error
    told = json.loads(counted.stdout)
    if "refused" in told:
        raise MediaRefused(*told["refused"])
    return int(told["pages"])
