"""Slack's files: a place to upload to, the bytes, and then a message that shares them.

Stricter than Slack in one thing: a file must be of a kind that people look at.
"""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.rate_windows import RateWindow
from tests.simulator.slack.answers import broken, no, refused
from tests.simulator.world import World

ALT_TEXT = 1000
FILES = 10
_NOTHING = RateWindow(limit=0, seconds=1)


@dataclass(kw_only=True)
class File:
    id: str
    token: str
    name: str
    length: int
    alt_text: str
    ticket: str
    seen: Seen | None = None
    shares: dict[str, str] = field(default_factory=dict)
    looks_until_told: int = 1

    def shown(self) -> dict[str, Any]:
        """A share is not told at once."""
        self.looks_until_told -= 1
        is_told = self.shares and self.looks_until_told < 0
        shares = {channel: [{"ts": stamp}] for channel, stamp in self.shares.items()}
        return {"id": self.id, "name": self.name, "shares": {"public": shares} if is_told else {}}

    def received(self) -> dict[str, Any]:
        assert self.seen
        return self.seen.received(self.alt_text)


@dataclass(kw_only=True)
class Files:
    world: World
    kept: dict[str, File] = field(default_factory=dict)

    async def offer(self, token: str, wish: dict[str, Any], base: str) -> dict[str, Any] | Response:
        fault = self.world.faults.take("slack", str(wish.get("alt_txt", "")), "upload")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, _NOTHING, token)
        if fault:
            return await broken(fault)
        if not wish.get("filename") or not str(wish.get("length", "")).isdecimal():
            raise no("invalid_arguments")
        if len(wish.get("alt_txt", "")) > ALT_TEXT:
            raise no("invalid_arguments", response_metadata={"messages": ["alt_txt is too long"]})
        file = File(
            id=f"F{secrets.token_hex(5).upper()}",
            token=token,
            name=wish["filename"],
            length=int(wish["length"]),
            alt_text=wish.get("alt_txt", ""),
            ticket=secrets.token_urlsafe(12),
        )
        self.kept[file.id] = file
        return {"upload_url": f"{base}/slack/upload/v1/{file.ticket}", "file_id": file.id}

    async def upload(self, request: Request) -> Response:
        """Whoever has the address may upload, once."""
        ticket = request.path_params["ticket"]
        file = next((one for one in self.kept.values() if one.ticket == ticket), None)
        data = await request.body()
        if file is None or file.seen is not None:
            return PlainTextResponse("Not found", 404)
        if len(data) != file.length:
            raise no("upload_failed")
        try:
            file.seen = look_at(data)
        except NoSuchFile as problem:
            raise no("file_type_not_supported") from problem
        return PlainTextResponse(f"OK - {len(data)}")

    def shared(self, token: str, wish: dict[str, Any]) -> list[File]:
        """Those that a message may share: uploaded by the same app, and shared by none before."""
        named = wish.get("files", [])
        named = json.loads(named) if isinstance(named, str) else named
        if not named or len(named) > FILES:
            raise no("invalid_arguments")
        files = [self.kept.get(one.get("id", "")) for one in named]
        found = [one for one in files if one and one.token == token and one.seen]
        if len(found) < len(named) or any(one.shares for one in found):
            raise no("file_not_found")
        return found

    def info(self, token: str, wish: dict[str, Any]) -> dict[str, Any]:
        file = self.kept.get(str(wish.get("file")))
        if file is None or file.token != token:
            raise no("file_not_found")
        return {"file": file.shown()}
