"""A network for tests of the rules: short texts, one setting, and it counts letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.channels.domain.media_fitness import MediaProblem
from shared.channels.domain.text_bounds import TextProblem
from shared.content.domain.channel import Part, Shown


@dataclass(frozen=True, kw_only=True)
class Problem:
    path: str
    words: str = "No such setting"


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kiosk:
    threads: bool = True
    id: str = "kiosk"
    title: str = "Kiosk"
    max_length: int = 5
    follow_up_length: int = 5
    counts: str = "letters"

    def measure(self, text: str, settings: Mapping[str, Any], /) -> int:
        return len(text) + len(settings.get("motto", ""))

    def text_problems(
        self, text: str, settings: Mapping[str, Any], /, *, replies: bool
    ) -> list[TextProblem]:
        """No shouting below, and but one mark else."""
        count, limit = text.count("!"), 0 if replies else 1
        words = f"At most {limit}"
        return [TextProblem(code="TOO_MANY_MARKS", words=words)] if count > limit else []

    def setting_problems(self, settings: Mapping[str, Any], /) -> list[Problem]:
        return [Problem(path=name) for name in settings if name != "motto"]

    def media_problems(
        self,
        shown: Sequence[Shown],
        settings: Mapping[str, Any],
        /,
        *,
        replies: bool,
        limits: Mapping[str, int],
    ) -> list[MediaProblem]:
        """It takes two pictures at most, and one with what replies."""
        limit = 1 if replies else limits.get("media_items", 2)
        strange = [
            MediaProblem(code="MEDIA_KIND_NOT_SUPPORTED", words="No films", item=place)
            for place, one in enumerate(shown)
            if one.kind != "image"
        ]
        many = MediaProblem(code="TOO_MANY_MEDIA", words=f"At most {limit}")
        return [*([many] if len(shown) > limit else []), *strange]

    def previews(
        self, parts: Sequence[Part], settings: Mapping[str, Any], /, *, at: datetime
    ) -> list[Request]:
        return [
            Request(method="POST", path="/", body={"text": part.text, "at": at, **settings})
            for part in parts
        ]


@dataclass(frozen=True, kw_only=True)
class Account:
    channel: str = "kiosk"
    is_connected: bool = True
    max_length: int = 5
    limits: Mapping[str, int] = field(default_factory=dict)
