"""The body of an import: bytes, then text, then posts."""

import codecs
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from shared.content.adapters.csv_posts import read_csv
from shared.content.adapters.json_posts import read_json
from shared.content.domain.imported_post import ImportedPost
from shared.content.domain.post_import import ImportFormat
from shared.infrastructure.settings import Settings
from shared.kernel.errors import RuleViolation, TooLarge

_READERS: dict[ImportFormat, Callable[[str], Iterator[ImportedPost | None]]] = {
    ImportFormat.CSV: read_csv,
    ImportFormat.JSON: read_json,
}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, kw_only=True)
class ImportsSettings(Settings):
    """`bytes` and `rows` are the most an import may have; `chunk` posts go into a transaction.

    API Gateway hands a function 6 MB at most, in which UTF-16 takes a third more than by itself.
    """

    rows: int = 10_000
    bytes: int = 4_000_000
    chunk: int = 100


def read_posts(
    body: bytes, format_: ImportFormat, *, rows: int | None = None
) -> Sequence[ImportedPost]:
    """The posts in a body of at most `rows` rows, if that is given.

    Raises:
        RuleViolation: `IMPORT_ENCODING`, `IMPORT_EMPTY`, or what its reader raises.
        TooLarge: `IMPORT_TOO_LARGE`.
    """
    posts: list[ImportedPost] = []
    counted = 0
    for post in _READERS[format_](_decoded(body)):
        if post is not None:
            posts.append(post)
            continue
        counted += 1
        if rows is not None and counted > rows:
            raise TooLarge(
                "IMPORT_TOO_LARGE",
                f"An import has at most {rows} rows: split it",
                meta={"rows": rows},
            )
    if not posts:
        raise RuleViolation("IMPORT_EMPTY", "There is no post in it")
    return posts


def demand_size(body: bytes, *, most: int) -> None:
    """Refuse more bytes than that.

    Raises:
        TooLarge: `IMPORT_TOO_LARGE`.
    """
    if len(body) > most:
        raise TooLarge(
            "IMPORT_TOO_LARGE",
            f"An import has at most {most} bytes: split it",
            meta={"bytes": most},
        )


def _decoded(body: bytes) -> str:
    """UTF-8, with a byte order mark or without, or UTF-16 with one."""
    encoding = "utf-16" if body.startswith(_UTF_16) else "utf-8-sig"
    try:
        if body.startswith(_UTF_32):
            raise RuleViolation("IMPORT_ENCODING", "The text must be UTF-8, not UTF-32")
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise RuleViolation(
            "IMPORT_ENCODING",
            f"The text must be UTF-8, or UTF-16 with a byte order mark; byte {error.start} is not",
            meta={"byte": error.start},
        ) from error
