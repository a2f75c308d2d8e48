"""A network as a variant's author meets it: what it takes, how it counts, what it would get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol


class SettingProblem(Protocol):
    """`path` leads from the settings to what is wrong, with dots between."""

    @property
    def path(self) -> str: ...

    @property
    def words(self) -> str: ...


class TextProblem(Protocol):
    """Why a network takes no such text, though it is not too long."""

    @property
    def code(self) -> str: ...

    @property
    def words(self) -> str: ...

    @property
    def meta(self) -> Mapping[str, Any]: ...


class Preview(Protocol):
    """A request as the network would get it, as far as it does not depend on the account."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def body(self) -> Mapping[str, Any]: ...


class MediaProblem(Protocol):
    """`item` is the place of what it is about, if it is not about all together.

    `attribute` is what of the item is wrong, where it is not the file itself.
    """

    @property
    def code(self) -> str: ...

    @property
    def words(self) -> str: ...

    @property
    def item(self) -> int | None: ...

    @property
    def attribute(self) -> str | None: ...

    @property
    def meta(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A file as it would be published; `size` in bytes, `width` and `height` in pixels."""

    name: str
    kind: str
    mime_type: str
    alt_text: str
    size: int | None
    width: int | None
    height: int | None
    pages: int | None
    duration: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """A post, or what follows it in its thread."""

    text: str
    shown: Sequence[Shown] = ()


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

    def text_problems(
        self, text: str, settings: Mapping[str, Any], /, *, replies: bool
    ) -> Sequence[TextProblem]:
        """What is wrong with a post, or with one that replies, but its length."""

    def setting_problems(self, settings: Mapping[str, Any], /) -> Sequence[SettingProblem]: ...

    def media_problems(
        self,
        shown: Sequence[Shown],
        settings: Mapping[str, Any],
        /,
        *,
        replies: bool,
        limits: Mapping[str, int],
    ) -> Sequence[MediaProblem]:
        """Why a post, or one that replies, may not show these; `limits` are an account's own."""

    def previews(
        self, parts: Sequence[Part], settings: Mapping[str, Any], /, *, at: datetime
    ) -> Sequence[Preview]:
        """The requests for a post and for each part of its thread."""


class Account(Protocol):
    """A connected account; `max_length` is its own limit, or its network's.

    `limits` are all of its own.
    """

    @property
    def channel(self) -> str: ...

    @property
    def is_connected(self) -> bool: ...

    @property
    def limits(self) -> Mapping[str, int]: ...

    @property
    def max_length(self) -> int: ...
