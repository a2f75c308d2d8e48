"""A post as X takes it and shows it (docs.x.com: `POST /2/tweets`, `GET /2/users/:id/tweets`)."""

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from shared.channels.domain.provider import Publication
from shared.channels.domain.server_address import last_segment

_ID = "^[0-9]{1,19}$"
SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "reply_settings": {
            "title": "Who can reply",
            "description": "Absent: everyone",
            "enum": ["everyone", "following", "mentionedUsers", "subscribers", "verified"],
        },
        "community_id": {
            "title": "Community",
            "description": "The id of a community to post in",
            "type": "string",
            "pattern": _ID,
        },
        "quote_tweet_id": {
            "title": "Quoted post",
            "description": "The id of a post to quote; X allows one's own and few others",
            "type": "string",
            "pattern": _ID,
        },
        "made_with_ai": {
            "title": "Made with AI",
            "description": "Label it as made with artificial intelligence",
            "type": "boolean",
        },
        "paid_partnership": {
            "title": "Paid partnership",
            "description": "Label it as a paid promotion",
            "type": "boolean",
        },
    },
}
_LABELS = ("made_with_ai", "paid_partnership")

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_LAST_SLASH = re.compile(r"/(?=\s|$)")


def post_of(publication: Publication, media_ids: Sequence[str]) -> dict[str, Any]:
    """What is sent. A reply is where its thread is: only labels and media are its own."""
    settings, parent_id = publication.settings, parent_of(publication)
    said: dict[str, Any] = {"text": publication.text} if publication.text else {}
    if media_ids:
        said["media"] = {"media_ids": list(media_ids)}
    labels = {name: True for name in _LABELS if settings.get(name)}
    if parent_id:
        reply = {"in_reply_to_tweet_id": parent_id}
        return {**said, "reply": reply, **labels}
    chosen = {
        name: settings[name]
        for name in ("reply_settings", "community_id", "quote_tweet_id")
        if settings.get(name) not in (None, "everyone")
    }
    return {**said, **chosen, **labels}


def parent_of(publication: Publication) -> str | None:
    return last_segment(publication.reply_to.parent_id) if publication.reply_to else None


def shown_parent(post: Mapping[str, Any]) -> str | None:
    """What a post replies to, as X tells it."""
    replied = (
        one["id"] for one in post.get("referenced_tweets", ()) if one["type"] == "replied_to"
    )
    return next(replied, None)


def shown_text(post: Mapping[str, Any]) -> str:
    """The text of a post with its links as they were written, or nearly: X shortens them all.

    What leads to its media was not written, and stands at the end.
    """
    whole = post.get("note_tweet") or post
    text = str(whole["text"])
    for link in (whole.get("entities") or {}).get("urls", ()):
        written = "" if "media_key" in link else link.get("expanded_url") or link["url"]
        text = text.replace(link["url"], written)
    return html.unescape(text)


def comparable(text: str) -> str:
    """`text` without what X may change of it: schemes, slashes that end links, runs of spaces.

    Two texts that differ in nothing else are the same post to it.
    """
    text = _SCHEME.sub("", unicodedata.normalize("NFC", text))
    return " ".join(_LAST_SLASH.sub("", text).split()).casefold()
