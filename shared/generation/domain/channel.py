"""A network as a text for it meets it: how much it takes, and how it counts."""

from dataclasses import dataclass
from typing import Protocol

from shared.generation.domain.texts import graphemes


class Channel(Protocol):
    """`id` is the slug; `max_length` is in the units `count` answers in, named by `counts`.

    `threads`: it takes posts that reply to each other.
    """

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def max_length(self) -> int: ...

    @property
    def counts(self) -> str: ...

    @property
    def threads(self) -> bool: ...

    def count(self, text: str, /) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Anywhere:
    """No network in particular: a text that most of them take."""

    id: str = "anywhere"
    title: str = "any network"
    max_length: int = 300
    counts: str = "characters as a reader sees them"
    threads: bool = False

    def count(self, text: str, /) -> int:
        return len(graphemes(text))


@dataclass(frozen=True, kw_only=True)
class Place:
    """A network to write for, and how much of what it takes may be used: `limit`, in its units."""

    channel: Channel
    limit: int

    @classmethod
    def at(cls, channel: Channel, max_length: int | None) -> "Place":
        return cls(channel=channel, limit=min(channel.max_length, max_length or channel.max_length))

    def takes(self, text: str) -> bool:
        return self.channel.count(text) <= self.limit
