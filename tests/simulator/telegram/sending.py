"""What the methods that send take: their fields, their texts and their files.

Stricter than Telegram in one thing: a document must be of a kind that people look at.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.telegram.answers import bad, error
from tests.simulator.world import Refusal

TEXT, CAPTION = 4096, 1024
ALBUM = range(2, 11)
PHOTO_BYTES, FILE_BYTES = 10_000_000, 50_000_000
PHOTO_SIDES, PHOTO_RATIO = 10_000, 20

_MANNER: dict[str, type] = {
    "chat_id": str,
    "disable_notification": bool,
    "protect_content": bool,
    "reply_parameters": dict,
}
_FILM: dict[str, type] = {"width": str, "height": str, "duration": str}
METHODS: dict[str, dict[str, type]] = {
    "sendMessage": {"text": str, "link_preview_options": dict},
    "sendPhoto": {"photo": bytes, "caption": str},
    "sendAnimation": {"animation": bytes, "caption": str, **_FILM},
    "sendVideo": {
        "video": bytes,
        "cover": (bytes | str),  # type: ignore[dict-item]
        "caption": str,
        "supports_streaming": bool,
        **_FILM,
    },
    "sendDocument": {"document": bytes, "caption": str},
    "sendMediaGroup": {"media": list},
}
_TAKEN = {
    "photo": {"image/jpeg", "image/png", "image/webp"},
    "animation": {"image/gif", "video/mp4"},
    "video": {"video/mp4"},
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    text: str
    parent: int | None
    files: list[Seen] = field(default_factory=list)


def sent_of(method: str, wish: dict[str, Any]) -> Sent:
    known = {**_MANNER, **METHODS[method]}
    names = {one["media"].removeprefix("attach://") for one in wish.get("media", [])}
    for name, value in wish.items():
        if name not in names and not isinstance(value, known.get(name, type(None))):
            raise bad(f"can't parse field {name}")
    reply = wish.get("reply_parameters", {})
    parent = reply.get("message_id")
    if reply and not isinstance(parent, int):
        raise bad("can't parse reply parameters JSON object")
    if method == "sendMessage":
        return Sent(text=_text(wish.get("text", ""), TEXT, "message"), parent=parent)
    if method == "sendMediaGroup":
        return _album(wish, parent)
    kind = method.removeprefix("send").lower()
    if kind not in wish:
        raise bad(f"there is no {kind} in the request")
    text = _text(wish.get("caption", ""), CAPTION, "message caption")
    return Sent(text=text, parent=parent, files=[_file(kind, wish[kind])])


def _album(wish: dict[str, Any], parent: int | None) -> Sent:
    media = wish.get("media", [])
    if len(media) not in ALBUM:
        few = len(media) < ALBUM.start
        raise bad("there are too few media" if few else "too many InputMedia in the array")
    kinds = {one["type"] for one in media}
    if not (kinds <= {"photo", "video"} or kinds == {"document"}):
        raise bad("MEDIA_INVALID: types that do not go together")
    files = [_file(one["type"], wish[one["media"].removeprefix("attach://")]) for one in media]
    texts = [one["caption"] for one in media if "caption" in one]
    text = _text(texts[0] if texts else "", CAPTION, "message caption")
    return Sent(text=text, parent=parent, files=files)


def _text(text: str, most: int, what: str) -> str:
    if sum(2 if ord(character) > 0xFFFF else 1 for character in text) > most:
        raise bad(f"{what} is too long")
    if what == "message" and not text.strip():
        raise bad("message text is empty")
    return text.strip()


def _file(kind: str, data: bytes) -> Seen:
    if len(data) > FILE_BYTES:
        raise Refusal(error(413, "Request Entity Too Large"))
    if not data:
        raise bad("file must be non-empty")
    try:
        seen = look_at(data)
    except NoSuchFile as problem:
        words = "IMAGE_PROCESS_FAILED" if kind == "photo" else "wrong file type"
        raise bad(words) from problem
    if kind != "document" and seen.mime_type not in _TAKEN[kind]:
        raise bad(f"{kind.upper()}_EXT_INVALID")
    if kind == "photo":
        _check_photo(seen)
    return seen


def _check_photo(seen: Seen) -> None:
    width, height = seen.width or 0, seen.height or 0
    if seen.size > PHOTO_BYTES:
        raise bad("file is too big")
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
