"""A network as a variant's author meets it: what it takes, how it counts, what it would get."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol


class SettingProblem(Protocol):
    """`path` leads from the settings to what is wrong, with dots between."""

    @property
    def path(self) -> str: ...

    @property
    def words(self) -> str: ...


class Preview(Protocol):
    """A request as the network would get it, as far as it does not depend on the account."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def body(self) -> Mapping[str, Any]: ...


class Channel(Protocol):
    """`id` is the slug; `max_length` is in the units `measure` answers in, named by `counts`.

    `follow_up_length` is that of the parts after the first. `threads`: it takes posts that reply
    to each other.
    """

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def max_length(self) -> int: ...

    @property
    def follow_up_length(self) -> int: ...

    @property
    def counts(self) -> str: ...

    @property
    def threads(self) -> bool: ...

    def measure(self, text: str, settings: Mapping[str, Any], /) -> int:
        """The length of a post that is sent with these settings."""

    def setting_problems(self, settings: Mapping[str, Any], /) -> Sequence[SettingProblem]: ...

    def previews(
        self, texts: Sequence[str], settings: Mapping[str, Any], /, *, at: datetime
    ) -> Sequence[Preview]:
        """The requests for a post and for each part of its thread."""


class Account(Protocol):
    """A connected account; `max_length` is its own limit, or its network's."""

    @property
    def channel(self) -> str: ...

    @property
    def is_connected(self) -> bool: ...

    @property
    def max_length(self) -> int: ...
