"""A post of X: what its API takes, and what it shows of one."""

import html
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.simulator.rate_windows import RateWindow
from tests.simulator.x import counting

MAXIMUM = 280
PREMIUM_MAXIMUM = 25_000
_ID = re.compile(r"[0-9]{1,19}")
_FIELDS: dict[str, type] = {
    "text": str,
    "reply": dict,
    "reply_settings": str,
    "community_id": str,
    "quote_tweet_id": str,
    "made_with_ai": bool,
    "paid_partnership": bool,
    "media": dict,
}
_REPLIERS = frozenset({"following", "mentionedUsers", "subscribers", "verified"})


@dataclass(kw_only=True)
class Account:
    id: str
    username: str
    posts: RateWindow
    is_premium: bool = False

    def shown(self, site: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.username.capitalize(),
            "username": self.username,
            "profile_image_url": f"{site}/profile_images/{self.id}.jpg",
            "public_metrics": {"followers_count": 4, "following_count": 2, "tweet_count": 7},
            "subscription_type": "Premium" if self.is_premium else "None",
        }


@dataclass(frozen=True, kw_only=True)
class Post:
    id: str
    account_id: str
    text: str
    created_at: float
    parent: str | None = None
    media: list[str] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """As a timeline has it: links shortened, the text escaped, a long one cut."""
        instant = datetime.fromtimestamp(self.created_at, UTC)
        text, links = _shortened(self.text, self.id)
        for number, key in enumerate(self.media):
            short = f"https://t.co/m{self.id}"
            text = text if number else f"{text} {short}".strip()
            page = f"https://x.com/somebody/status/{self.id}/photo/{number + 1}"
            links.append({"url": short, "expanded_url": page, "media_key": key})
        told: dict[str, Any] = {
            "id": self.id,
            "created_at": f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03}Z",
            "edit_history_tweet_ids": [self.id],
            "text": text,
        }
        if links:
            told["entities"] = {"urls": links}
        if counting.count(self.text) > MAXIMUM:
            told["note_tweet"] = {"text": text, "entities": {"urls": links}}
            told["text"] = f"{text[:250]}… https://t.co/more"
        if self.parent:
            told["referenced_tweets"] = [{"type": "replied_to", "id": self.parent}]
        return told


def fault_of(wish: dict[str, Any]) -> str:
    """What is wrong with a body; nothing where nothing is."""
    for name, value in wish.items():
        if not isinstance(value, _FIELDS.get(name, type(None))):
            return f"$.{name}: is not defined in the schema or of another type"
    shown = wish.get("media", {"media_ids": []}).get("media_ids")
    if not isinstance(shown, list) or (not wish.get("text", "").strip() and not shown):
        return "Please include either text or media in your Tweet."
    if "reply_settings" in wish and ("reply" in wish or wish["reply_settings"] not in _REPLIERS):
        return "$.reply_settings: does not have a value in the enumeration"
    named = [wish[name] for name in ("community_id", "quote_tweet_id") if name in wish]
    if "reply" in wish:
        if wish["reply"].keys() != {"in_reply_to_tweet_id"}:
            return "$.reply: is missing in_reply_to_tweet_id"
        named.append(wish["reply"]["in_reply_to_tweet_id"])
    if not all(isinstance(one, str) and _ID.fullmatch(one) for one in named):
        return "$: does not match the regex pattern ^[0-9]{1,19}$"
    return ""


def same(one: str, other: str) -> bool:
    """Whether X would call one a duplicate of the other."""
    return unicodedata.normalize("NFC", one).split() == unicodedata.normalize("NFC", other).split()


def problem(status: int, title: str, detail: str, kind: str = "about:blank") -> Response:
    body = {"title": title, "detail": detail, "type": kind, "status": status}
    return JSONResponse(body, status, media_type="application/problem+json")


def invalid(words: str) -> Response:
    body = {
        "errors": [{"message": words}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.x.com/2/problems/invalid-request",
    }
    return JSONResponse(body, 400, media_type="application/problem+json")


def rate_headers(window: RateWindow) -> dict[str, str]:
    window.turn()
    return {
        "x-rate-limit-limit": str(window.limit),
        "x-rate-limit-remaining": str(window.remaining),
        "x-rate-limit-reset": str(int(window.ends_at)),
    }


def _shortened(text: str, post_id: str) -> tuple[str, list[dict[str, Any]]]:
    text = unicodedata.normalize("NFC", text)
    pieces, found, position = [], [], 0
    for number, (start, end) in enumerate(counting.links(text)):
        written, short = text[start:end], f"https://t.co/{post_id}{number}"
        whole = written if written.lower().startswith("http") else f"http://{written}"
        found.append({"url": short, "expanded_url": whole, "display_url": written[:30]})
        pieces += [html.escape(text[position:start], quote=False), short]
        position = end
    return "".join([*pieces, html.escape(text[position:], quote=False)]), found
