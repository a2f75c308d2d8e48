"""A network for tests of the rules: short texts, one setting, and it counts letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


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

    def setting_problems(self, settings: Mapping[str, Any], /) -> list[Problem]:
        return [Problem(path=name) for name in settings if name != "motto"]

    def previews(
        self, texts: Sequence[str], settings: Mapping[str, Any], /, *, at: datetime
    ) -> list[Request]:
        return [
            Request(method="POST", path="/", body={"text": text, "at": at, **settings})
            for text in texts
        ]


@dataclass(frozen=True, kw_only=True)
class Account:
    channel: str = "kiosk"
    is_connected: bool = True
    max_length: int = 5
