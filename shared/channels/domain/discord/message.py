"""A message as Discord takes and tells it (discord.com/developers/docs: message resource)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from shared.channels.domain.provider import Publication

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "channel": {
            "title": "Channel",
            "description": "The id of another channel of the server. Absent: the one connected",
            "type": "string",
            "pattern": "^[0-9]{15,20}$",
        },
        "suppress_embeds": {
            "title": "No previews",
            "description": "Show no previews of the links in it",
            "type": "boolean",
        },
    },
}

_SUPPRESS_EMBEDS = 1 << 2
_NONCE_LENGTH = 25
_EPOCH = 1_420_070_400_000
_SEQUENCE_BITS = 22
_SLACK = timedelta(minutes=1)


def message_of(publication: Publication) -> dict[str, Any]:
    """What is sent. It rings for the people and roles it names, but never for everyone."""
    parent = parent_of(publication)
    reply = {"message_reference": {"message_id": parent}} if parent else {}
    flags = _SUPPRESS_EMBEDS if publication.settings.get("suppress_embeds") else 0
    return {
        "content": publication.text,
        "nonce": nonce_of(publication.key),
        "enforce_nonce": True,
        "allowed_mentions": {"parse": ["users", "roles"]},
        **({"flags": flags} if flags else {}),
        **reply,
        **_attachments(publication),
    }


def _attachments(publication: Publication) -> dict[str, Any]:
    described = [
        {
            "id": str(number),
            "filename": each.name,
            **({"description": each.alt_text} if each.alt_text else {}),
        }
        for number, each in enumerate(publication.attachments)
    ]
    return {"attachments": described} if described else {}


def nonce_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:_NONCE_LENGTH]


def parent_of(publication: Publication) -> str | None:
    """The id of the message that it replies to."""
    return _named(publication.reply_to.parent_id)[1] if publication.reply_to else None


def channel_of(publication: Publication, own: str) -> str:
    """Where it goes: to where its thread is, else to where its author says."""
    if publication.reply_to:
        return _named(publication.reply_to.parent_id)[0] or own
    return str(publication.settings.get("channel") or own)


def place_of(external_id: str, own: str) -> tuple[str, str]:
    """Channel and message of what is known by an id of ours, or by its link."""
    channel, message = _named(external_id)
    return channel or own, message


def _named(external_id: str) -> tuple[str, str]:
    """``channel/message``, also at the end of a link; a message alone is in no channel."""
    path = external_id.partition("?")[0].partition("#")[0].rstrip("/")
    channel, _, message = path.rpartition("/")
    return channel.rpartition("/")[2], message


def snowflake_before(instant: datetime) -> str:
    """An id smaller than that of any message since then, by a clock that may be a minute behind."""
    milliseconds = int((instant - _SLACK).timestamp() * 1000)
    return str(max(0, milliseconds - _EPOCH) << _SEQUENCE_BITS)
