"""What a text may have only so much of, besides its length: hashtags, mentions, links."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

HASHTAG = re.compile(r"(?<!\w)#\w+")
MENTION = re.compile(r"(?<!\w)@[\w.]+")
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, kw_only=True)
class TextProblem:
    """Why a network takes no such text, though it is not too long."""

    code: str
    words: str
    meta: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bound:
    """At most `limit` of the `things` that `pattern` finds; one that comes twice may count once."""

    things: str
    pattern: re.Pattern[str]
    limit: int
    counts_once: bool = False

    def count(self, text: str) -> int:
        found = self.pattern.findall(text)
        return len(set(found) if self.counts_once else found)


@runtime_checkable
class BoundsText(Protocol):
    """What a provider is besides, whose network takes a text only so."""

    def text_problems(
        self, text: str, settings: Mapping[str, Any], *, replies: bool
    ) -> Sequence[TextProblem]:
        """All that stands against a text but its length, of a root or of a follow-up."""


def exceeded(title: str, text: str, bounds: Sequence[Bound]) -> Iterator[TextProblem]:
    """Of each bound that a text exceeds; the network has the `title`."""
    for bound in bounds:
        if (count := bound.count(text)) > bound.limit:
            yield TextProblem(
                code=f"TOO_MANY_{bound.things.upper()}",
                words=f"{title} takes {bound.limit} {bound.things}, this has {count}",
                meta={"count": count, "limit": bound.limit},
            )
