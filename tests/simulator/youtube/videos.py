"""A video of YouTube: what its API takes of one, and the session that its file comes in by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

QUARTER = 256 * 1024
_PRIVACIES = frozenset({"public", "unlisted", "private"})
_SNIPPET = {"title", "description", "tags", "categoryId", "defaultLanguage"}
_STATUS = {"privacyStatus", "selfDeclaredMadeForKids", "containsSyntheticMedia", "license"}
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")


class Invalid(Exception):
    """The reason, as YouTube names it."""


@dataclass(kw_only=True)
class Session:
    channel_id: str
    wish: dict[str, Any]
    size: int
    mime_type: str
    received: bytearray = field(default_factory=bytearray)

    @property
    def description(self) -> str:
        return str(self.wish["snippet"]["description"])

    def take(self, said: str, body: bytes) -> bool:
        """Whether it is the last piece, which is not taken here; one that does not fit is dropped.

        Raises Invalid.
        """
        first, last, size = range_of(said)
        if size != self.size:
            raise Invalid("invalidContentRange")
        if first != len(self.received) or len(body) != last - first + 1:
            return False
        if last + 1 == size:
            return True
        if len(body) % QUARTER:
            raise Invalid("badRequest")
        self.received += body
        return False


@dataclass(frozen=True, kw_only=True)
class Video:
    id: str
    channel_id: str
    upload_id: str
    wish: dict[str, Any]
    made_at: float

    @property
    def description(self) -> str:
        return str(self.wish["snippet"]["description"])

    def shown(self) -> dict[str, Any]:
        told = {
            **self.wish["snippet"],
            "channelId": self.channel_id,
            "publishedAt": f"{datetime.fromtimestamp(self.made_at, UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        status = {**self.wish["status"], "uploadStatus": "uploaded"}
        return {"kind": "youtube#video", "id": self.id, "snippet": told, "status": status}


def session_of(
    channel_id: str, wish: dict[str, Any], headers: Mapping[str, str], query: Mapping[str, str]
) -> Session:
    """Raises Invalid."""
    size = headers.get("x-upload-content-length", "")
    mime_type = headers.get("x-upload-content-type", "")
    if (query.get("uploadType"), query.get("part")) != ("resumable", "snippet,status"):
        raise Invalid("badRequest")
    if not size.isdigit() or not int(size) or not mime_type.startswith("video/"):
        raise Invalid("mediaBodyRequired")
    check(wish)
    return Session(channel_id=channel_id, wish=wish, size=int(size), mime_type=mime_type)


def check(wish: dict[str, Any]) -> None:
    """Raises Invalid."""
    snippet, status = wish.get("snippet"), wish.get("status")
    if not isinstance(snippet, dict) or not isinstance(status, dict) or len(wish) > 2:
        raise Invalid("invalidVideoMetadata")
    if snippet.keys() - _SNIPPET or status.keys() - _STATUS:
        raise Invalid("invalidVideoMetadata")
    title, description = snippet.get("title"), snippet.get("description", "")
    if not isinstance(title, str) or not 1 <= len(title) <= 100 or _forbidden(title):
        raise Invalid("invalidTitle")
    if not title.strip():
        raise Invalid("invalidTitle")
    if not isinstance(description, str) or _forbidden(description):
        raise Invalid("invalidDescription")
    if sum(_width(character) for character in description) > 5000:
        raise Invalid("invalidDescription")
    if _length_of(snippet.get("tags", [])) > 500:
        raise Invalid("invalidTags")
    if status.get("privacyStatus") not in _PRIVACIES:
        raise Invalid("invalidVideoMetadata")
    if not isinstance(status.get("selfDeclaredMadeForKids"), bool):
        raise Invalid("invalidVideoMetadata")


def range_of(said: str) -> tuple[int | None, int, int]:
    """First and last byte, and how many in all; no first where only the state is asked for."""
    match = _RANGE.fullmatch(said)
    if match is None:
        raise Invalid("invalidContentRange")
    if match[1] is None:
        return None, 0, int(match[3])
    return int(match[1]), int(match[2]), int(match[3])


def _forbidden(text: str) -> bool:
    return "<" in text or ">" in text


def _width(character: str) -> int:
    """Bytes in UTF-8, by the table of its definition."""
    point = ord(character)
    return 1 + (point >= 0x80) + (point >= 0x800) + (point >= 0x10000)


def _length_of(tags: Any) -> int:
    """Commas between them count, and quotes around those with a space in them."""
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Invalid("invalidTags")
    if any(_forbidden(tag) for tag in tags):
        raise Invalid("invalidTags")
    return sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(0, len(tags) - 1)
