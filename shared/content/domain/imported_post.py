"""A post as somebody else wrote it down: read from a row or several, and not judged yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.content.domain.post_import import RowProblem
from shared.content.domain.thread import FollowUp

VARIANTS = 100
"""How many an imported post may have."""


@dataclass(frozen=True, kw_only=True)
class ImportedVariant:
    """`column_of` tells where the import has a field, for whoever is to mend it."""

    row: int
    channel: str
    content: str
    thread: Sequence[FollowUp]
    media: Mapping[str, Any]
    settings: Mapping[str, Any]
    tone: str
    metadata: Mapping[str, Any]
    column_of: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class ImportedPost:
    """`problems` are those of reading it: with any of them it is no post, whatever else it says.

    `row` is its first.
    """

    row: int
    title: str
    description: str
    tags: Sequence[str]
    metadata: Mapping[str, Any]
    variants: Sequence[ImportedVariant]
    problems: Sequence[RowProblem]
