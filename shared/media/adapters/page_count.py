"""How many pages a PDF has: a program of its own, which whoever started it can end.

A stranger's file may keep its parser for as long as it likes, wherever in it that is.
"""

import json
import sys
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from shared.media.domain.refusals import MediaRefused, locked, unreadable


def count_pages(path: Path) -> int:
    """Where it has none nobody can read it.

    Raises:
        MediaRefused: `MEDIA_LOCKED`, `MEDIA_UNREADABLE`.
    """
    with path.open("rb") as file:
        try:
            counted = PdfReader(file).get_num_pages()
        except FileNotDecryptedError as error:
            raise locked() from error
        except (MemoryError, OSError):
            raise
        except Exception as error:  # damage makes it raise whatever comes
            raise unreadable() from error
    if not counted:
        raise unreadable()
    return counted


def _answer(path: Path) -> dict[str, int | list[str]]:
    try:
        return {"pages": count_pages(path)}
    except MediaRefused as refused:
        return {"refused": [refused.code, refused.description]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_answer(Path(sys.argv[1]))))
