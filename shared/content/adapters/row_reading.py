"""A row being read: what is in it, as far as it is of the right kind, and what is not."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from shared.content.domain.imported_post import VARIANTS, ImportedPost, ImportedVariant
from shared.content.domain.post_import import RowProblem
from shared.content.domain.thread import FollowUp

POST_FIELDS = ("title", "description", "tags", "metadata")
VARIANT_FIELDS = ("channel", "content", "thread", "media", "settings", "tone", "metadata")
SHOWN_ONLY = frozenset({"status", "created_at", "updated_at", "published_at"})
"""What an export tells of a post, and an import passes over."""

_QUOTED = 40


@dataclass
class Row:
    """What is missing or null reads as empty; what is wrong reads as empty, and is told."""

    number: int
    problems: list[RowProblem] = field(default_factory=list)

    def refuse(self, code: str, description: str, column: str | None = None) -> None:
        self.problems.append(
            RowProblem(row=self.number, column=column, code=code, description=description)
        )

    def text(self, value: object, column: str) -> str:
        if isinstance(value, str):
            return value
        if value is not None:
            self._refuse_kind("text", column)
        return ""

    def texts(self, value: object, column: str) -> list[str]:
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return value
        if value is not None:
            self._refuse_kind("a list of texts", column)
        return []

    def document(self, value: object, column: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if value is not None:
            self._refuse_kind("a JSON object", column)
        return {}

    def thread(self, value: object, column: str) -> list[FollowUp]:
        if isinstance(value, list) and all(_is_follow_up(each) for each in value):
            return [_follow_up(each) for each in value]
        if value is not None:
            wanted = 'a JSON list of {"content": text, "delay_seconds": number, "media": object}'
            self._refuse_kind(wanted, column)
        return []

    def json(self, cell: str, column: str) -> object:
        """What a cell of a table says in JSON."""
        if not cell.strip():
            return None
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            self.refuse("MALFORMED_JSON", "This is not JSON", column)
            return None

    def refuse_unknown(self, name: str) -> None:
        shown = ascii(name[:_QUOTED])
        self.refuse("UNKNOWN_FIELD", f"There is no field {shown}")

    def variant(
        self, values: Mapping[str, object], column_of: Callable[[str], str]
    ) -> ImportedVariant:
        return ImportedVariant(
            row=self.number,
            channel=self.text(values.get("channel"), column_of("channel")).strip(),
            content=self.text(values.get("content"), column_of("content")),
            thread=self.thread(values.get("thread"), column_of("thread")),
            media=self.document(values.get("media"), column_of("media")),
            settings=self.document(values.get("settings"), column_of("settings")),
            tone=self.text(values.get("tone"), column_of("tone")),
            metadata=self.document(values.get("metadata"), column_of("metadata")),
            column_of=column_of,
        )

    def post(
        self,
        values: Mapping[str, object],
        variants: Sequence[ImportedVariant],
        problems: Sequence[RowProblem] = (),
    ) -> ImportedPost:
        """`problems` are those of its other rows."""
        read = ImportedPost(
            row=self.number,
            title=self.text(values.get("title"), "title"),
            description=self.text(values.get("description"), "description"),
            tags=self.texts(values.get("tags"), "tags"),
            metadata=self.document(values.get("metadata"), "metadata"),
            variants=variants[:VARIANTS],
            problems=self.problems,
        )
        if len(variants) > VARIANTS:
            self.refuse("TOO_MANY_VARIANTS", f"A post has at most {VARIANTS} variants")
        self.problems.extend(problems)
        return read

    def _refuse_kind(self, wanted: str, column: str) -> None:
        self.refuse("VALIDATION_ERROR", f"This must be {wanted}", column)


def _follow_up(value: Mapping[str, Any]) -> FollowUp:
    """Without media where it has none."""
    said = FollowUp(content=value["content"], delay_seconds=value.get("delay_seconds", 0))
    return {**said, "media": value["media"]} if value.get("media") else said


def _is_follow_up(value: object) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(value, dict)
        and value.keys() <= {"content", "delay_seconds", "media"}
        and isinstance(value.get("media", {}), dict)
        and isinstance(value.get("content"), str)
        and type(value.get("delay_seconds", 0)) is int
    )
