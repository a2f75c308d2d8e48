"""A message of Discord: what its API takes, and what it shows of one.

Stricter than Discord in one thing: a file that is none of the kinds people look at is refused.
"""

import json
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from tests.simulator.discord.answers import error, invalid
from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.world import Refusal, json_of

MAXIMUM = 2000
FILES = 10
FILE_BYTES = 10 * 1024 * 1024
DESCRIPTION = 1024
EPOCH = 1_420_070_400_000
_FIELDS: dict[str, type] = {
    "content": str,
    "nonce": str,
    "enforce_nonce": bool,
    "allowed_mentions": dict,
    "message_reference": dict,
    "flags": int,
    "attachments": list,
}


@dataclass(frozen=True, kw_only=True)
class Message:
    id: str
    channel_id: str
    author_id: str
    text: str
    nonce: str
    created_at: float
    parent: str | None = None
    media: list[dict[str, Any]] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """As it is told again: without its nonce."""
        instant = datetime.fromtimestamp(self.created_at, UTC).isoformat()
        reference = {"message_id": self.parent, "channel_id": self.channel_id}
        return {
            "id": self.id,
            "channel_id": self.channel_id,
            "author": {"id": self.author_id, "bot": True},
            "content": self.text,
            "timestamp": instant,
            "attachments": [
                {"id": str(number), "description": one["alt_text"], "size": one["size"]}
                for number, one in enumerate(self.media)
            ],
            "embeds": [],
            "reactions": [{"count": 2, "emoji": {"name": "🔥"}}, {"count": 1, "emoji": {}}],
            **({"message_reference": reference} if self.parent else {}),
        }


async def wish_of(request: Request) -> tuple[dict[str, Any], list[Seen]]:
    """What is to be sent, and the files that came with it, in order."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await json_of(request), []
    async with request.form() as form:
        given = dict(form.multi_items())
        try:
            wish = json.loads(str(given.pop("payload_json", "{}")))
        except ValueError as problem:
            raise Refusal(error(400, 50109, "The request body contains invalid JSON.")) from problem
        files = []
        for number, (name, file) in enumerate(given.items()):
            if name != f"files[{number}]" or not isinstance(file, UploadFile):
                raise Refusal(invalid(name, "UNKNOWN", "This field is not expected"))
            files.append(_seen(await file.read()))
    return wish, files


def _seen(data: bytes) -> Seen:
    if len(data) > FILE_BYTES:
        raise Refusal(error(413, 40005, "Request entity too large"))
    try:
        return look_at(data)
    except NoSuchFile as problem:
        raise Refusal(error(400, 50046, "Invalid file uploaded")) from problem


def check(wish: dict[str, Any], files: list[Seen]) -> list[str]:
    """What is said of each file."""
    for name, value in wish.items():
        if not isinstance(value, _FIELDS.get(name, type(None))):
            raise Refusal(invalid(name, "UNKNOWN", "This field is not expected so"))
    text = wish.get("content", "")
    if len(text) > MAXIMUM:
        words = f"Must be {MAXIMUM} or fewer in length."
        raise Refusal(invalid("content", "BASE_TYPE_MAX_LENGTH", words))
    if not text.strip() and not files:
        raise Refusal(error(400, 50006, "Cannot send an empty message"))
    if len(wish.get("nonce", "")) > 25:
        words = "Must be 25 or fewer in length."
        raise Refusal(invalid("nonce", "BASE_TYPE_MAX_LENGTH", words))
    if not {"users", "roles", "everyone"}.issuperset(
        wish.get("allowed_mentions", {}).get("parse", ())
    ):
        raise Refusal(invalid("allowed_mentions.parse", "BASE_TYPE_CHOICES", "Value is unknown"))
    if wish.get("flags", 0) not in {0, 4}:
        raise Refusal(invalid("flags", "MESSAGE_FLAGS", "Only SUPPRESS_EMBEDS may be set"))
    return _descriptions(wish.get("attachments", []), len(files))


def _descriptions(attachments: list[Any], number: int) -> list[str]:
    if number > FILES:
        words = f"Must be {FILES} or fewer in length."
        raise Refusal(invalid("attachments", "BASE_TYPE_MAX_LENGTH", words))
    described = {}
    for one in attachments:
        text = one.get("description", "")
        if not re.fullmatch(r"\d", str(one.get("id"))) or int(one["id"]) >= number:
            raise Refusal(invalid("attachments.0.id", "ATTACHMENT_NOT_FOUND", "No such file"))
        if not isinstance(text, str) or len(text) > DESCRIPTION:
            words = f"Must be {DESCRIPTION} or fewer in length."
            raise Refusal(invalid("attachments.0.description", "BASE_TYPE_MAX_LENGTH", words))
        described[int(one["id"])] = text
    return [described.get(each, "") for each in range(number)]


def snowflake(last: int) -> int:
    """A new id: milliseconds, then 22 bits; always rising."""
    return max(last + 1, (int(time.time() * 1000) - EPOCH) << 22)
