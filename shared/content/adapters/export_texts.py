"""Posts as text, so that an import reads the same posts out of it."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID

from shared.content.adapters.csv_cells import harmless, joined
from shared.content.adapters.csv_posts import COLUMNS, KEY, VARIANT_COLUMNS
from shared.content.adapters.export_queries import ExportedPost
from shared.content.domain.post_import import ImportFormat
from shared.kernel.cursor import Cursor

_ORDER = "export"
_SHOWN = ("status", "created_at", "updated_at", "published_at")
BYTES = 2_000_000
"""Of one page: a function answers 6 MB at most, where a character may take three times as much."""


@dataclass(frozen=True, kw_only=True)
class ExportedPage:
    """`next_cursor` is the place of the last post on it, where there are more."""

    text: str
    next_cursor: str | None


def page_of_export(
    found: Iterable[ExportedPost], format_: ImportFormat, *, limit: int, most: int = BYTES
) -> ExportedPage:
    """As many as `limit`, but no more than fit into `most` bytes; at least one, if there is one."""
    pieces: list[str] = []
    size = 0
    last: ExportedPost | None = None
    next_cursor: str | None = None
    write = _WRITERS[format_]
    for each in found:
        piece = write(each)
        size += len(piece.encode())
        if last and (len(pieces) == limit or size > most):
            next_cursor = Cursor(order=_ORDER, key=None, id=last.post.id).written()
            break
        pieces.append(piece)
        last = each
    return ExportedPage(text=_FRAMES[format_](pieces, next_cursor), next_cursor=next_cursor)


def place_in_export(cursor: str) -> UUID:
    """The last post of the page before.

    Raises:
        RuleViolation: `INVALID_CURSOR`.
    """
    return Cursor.read(cursor, order=_ORDER).id


def _table(rows: Iterable[Sequence[str]]) -> str:
    buffer = StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def _rows(each: ExportedPost) -> str:
    """What the post is stands in its first row."""
    post = each.post
    told = {
        KEY: str(post.id),
        "title": post.title or "",
        "description": post.description,
        "tags": joined(post.tags),
        "metadata": _json(post.metadata) if post.metadata else "",
        **{name: _moment(getattr(post, name)) or "" for name in _SHOWN},
    }
    rows = []
    for variant in _variants(each) or [{}]:
        cells = {
            VARIANT_COLUMNS[name]: value if isinstance(value, str) else _json(value)
            for name, value in variant.items()
        }
        rows.append([harmless((told | cells).get(name, "")) for name in (*COLUMNS, *_SHOWN)])
        told = {KEY: str(post.id)}
    return _table(rows)


def _item(each: ExportedPost) -> str:
    post = each.post
    told = {
        KEY: str(post.id),
        "title": post.title,
        "description": post.description,
        "tags": post.tags,
        "metadata": post.metadata,
        "variants": _variants(each),
        **{name: _moment(getattr(post, name)) for name in _SHOWN},
    }
    return _json(told)


def _variants(each: ExportedPost) -> list[dict[str, Any]]:
    """Without what is empty."""
    return [
        {
            "channel": variant.channel,
            "content": variant.content,
            **({"thread": variant.thread} if variant.thread else {}),
            **({"media": variant.media} if variant.media else {}),
            **({"settings": variant.settings} if variant.settings else {}),
            **({"tone": variant.tone} if variant.tone else {}),
            **({"metadata": variant.metadata} if variant.metadata else {}),
        }
        for variant in each.variants
    ]


def _moment(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return None if value is None else str(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _framed_table(pieces: list[str], _next_cursor: str | None) -> str:
    return _table([(*COLUMNS, *_SHOWN)]) + "".join(pieces)


def _framed_list(pieces: list[str], next_cursor: str | None) -> str:
    return f'{{"posts":[{",".join(pieces)}],"next_cursor":{_json(next_cursor)}}}'


_WRITERS: dict[ImportFormat, Callable[[ExportedPost], str]] = {
    ImportFormat.CSV: _rows,
    ImportFormat.JSON: _item,
}
_FRAMES: dict[ImportFormat, Callable[[list[str], str | None], str]] = {
    ImportFormat.CSV: _framed_table,
    ImportFormat.JSON: _framed_list,
}
