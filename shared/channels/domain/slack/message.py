"""A message as Slack takes and tells it (docs.slack.dev: chat.postMessage, metadata)."""

import html
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.channels.domain.provider import Publication

MAXIMUM = 40_000
SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "channel": {
            "title": "Channel",
            "description": "The id of another channel. Absent: the one connected",
            "type": "string",
            "pattern": "^[CDG][A-Z0-9]{6,20}$",
        },
        "unfurl_links": {
            "title": "Previews",
            "description": "Show previews of the links in it. Absent: as Slack does by itself",
            "type": "boolean",
        },
        "reply_broadcast": {
            "title": "Also in the channel",
            "description": "Show the follow-ups of a thread in the channel as well",
            "type": "boolean",
        },
    },
}

EVENT = "luxaris_published"
_SLACK = timedelta(minutes=1)


def message_of(publication: Publication, channel: str) -> dict[str, Any]:
    """What is sent. The key goes with it as metadata, which people do not see."""
    settings, thread = publication.settings, thread_of(publication)
    unfurls = {"unfurl_links": settings["unfurl_links"]} if "unfurl_links" in settings else {}
    broadcasts = {"reply_broadcast": True} if thread and settings.get("reply_broadcast") else {}
    return {
        "channel": channel,
        "text": escaped(publication.text),
        "metadata": {"event_type": EVENT, "event_payload": {"key": publication.key}},
        **({"thread_ts": thread} if thread else {}),
        **unfurls,
        **broadcasts,
    }


def escaped(text: str) -> str:
    """So that what Slack would take for its own marks is shown as it was written."""
    return html.escape(text, quote=False)


def channel_of(publication: Publication, own: str) -> str:
    """Where it goes: to where its thread is, else to where its author says."""
    if publication.reply_to:
        return place_of(publication.reply_to.root_id, own)[0]
    return str(publication.settings.get("channel") or own)


def thread_of(publication: Publication) -> str | None:
    """A thread has one level: whatever replies, replies to its root."""
    return place_of(publication.reply_to.root_id, "")[1] if publication.reply_to else None


def place_of(external_id: str, own: str) -> tuple[str, str]:
    """Channel and timestamp of what is known by an id of ours, or by its link.

    An id is ``C0123456789/1700000000.123456``; a link ends in ``C0123456789/p1700000000123456``.
    """
    path = external_id.partition("?")[0]
    channel, _, stamp = path.rstrip("/").rpartition("/")
    if stamp.startswith("p") and stamp[1:].isdecimal():
        stamp = f"{stamp[1:-6]}.{stamp[-6:]}"
    return channel.rpartition("/")[2] or own, stamp


def key_in(message: Mapping[str, Any]) -> str | None:
    """The key that went with a message, if it is one of ours."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT:
        return None
    return str(metadata["event_payload"]["key"])


def stamp_before(instant: datetime) -> str:
    """Before any message since then, by a clock that may be a minute behind."""
    return f"{(instant - _SLACK).timestamp():.6f}"
