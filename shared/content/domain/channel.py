"""A network as a variant's author meets it: how much text it takes, and how it counts."""

from typing import Protocol


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
