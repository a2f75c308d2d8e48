"""A Mastodon server's files (`MediaAttachment`, `Api::V2::MediaController`, `rack_attack.rb`).

Pictures are ready at once; what moves is worked on until it has been asked for twice.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.mastodon.answers import broken, error, refused, throttled
from tests.simulator.mastodon.entities import Account
from tests.simulator.rate_windows import RateWindow
from tests.simulator.world import Refusal, World, origin

PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/avif"}
FILMS = {"video/mp4", "video/quicktime", "video/webm"}
PICTURE_BYTES = 16 * 1024 * 1024
FILM_BYTES = 99 * 1024 * 1024
PICTURE_PIXELS = 33_177_600
FILM_PIXELS = 8_294_400
DESCRIPTION = 1500
MOST = 4
UPLOADS, UPLOADS_WINDOW = 30, 1800
_KNOWN = {"file", "thumbnail", "description", "focus"}


@dataclass(kw_only=True)
class File:
    id: str
    account: Account
    seen: Seen
    description: str
    base: str
    looks_until_ready: int = 0
    is_attached: bool = False

    @property
    def type(self) -> str:
        if self.seen.mime_type == "image/gif" and self.seen.frames > 1:
            return "gifv"
        return "image" if self.seen.mime_type in PICTURES else "video"

    @property
    def is_ready(self) -> bool:
        return self.looks_until_ready <= 0

    def shown(self) -> dict[str, Any]:
        url = f"{self.base}/media/{self.id}"
        return {
            "id": self.id,
            "type": self.type,
            "url": url if self.is_ready else None,
            "preview_url": f"{url}/small",
            "description": self.description or None,
            "meta": {"original": {"width": self.seen.width, "height": self.seen.height}},
        }


@dataclass(kw_only=True)
class Files:
    world: World
    caller: Callable[[Request, str], Account]
    next_id: Callable[[], str]
    kept: dict[str, File] = field(default_factory=dict)
    uploads: dict[str, RateWindow] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            Route("/api/v2/media", self.upload, methods=["POST"]),
            Route("/api/v1/media/{id}", self.show),
        ]

    async def upload(self, request: Request) -> Response:
        account = self.caller(request, "write:media")
        async with request.form() as form:
            fault = self.world.faults.take("mastodon", str(form.get("description", "")), "upload")
            if fault and fault.kind not in AFTER_ACCEPTING:
                return refused(fault, account)
            window = self.uploads.setdefault(
                account.id, RateWindow(limit=UPLOADS, seconds=UPLOADS_WINDOW)
            )
            if not window.take():
                return throttled(account, round(window.ends_at - time.time()) + 1)
            file = self._kept(
                account,
                {name: await _value(given) for name, given in form.multi_items()},
                f"{origin(request)}/mastodon",
            )
        self.kept[file.id] = file
        if fault:
            return await broken(fault)
        return JSONResponse(file.shown(), 200 if file.is_ready else 202)

    def _kept(self, account: Account, wish: dict[str, Any], base: str) -> File:
        if unknown := wish.keys() - _KNOWN:
            raise _invalid(f"Unknown parameters: {', '.join(sorted(unknown))}")
        data, description = wish.get("file"), wish.get("description", "")
        if not isinstance(data, bytes) or not data:
            raise _invalid("File can't be blank")
        if not isinstance(description, str) or len(description) > DESCRIPTION:
            raise _invalid(f"Description is too long (maximum is {DESCRIPTION} characters)")
        try:
            seen = look_at(data)
            if "thumbnail" in wish:
                look_at(wish["thumbnail"])
        except NoSuchFile as problem:
            raise _invalid("File content type is invalid, File is invalid") from problem
        _check(seen)
        file = File(
            id=self.next_id(),
            account=account,
            seen=seen,
            description=description.strip(),
            base=base,
        )
        file.looks_until_ready = 0 if file.type == "image" else 2
        return file

    async def show(self, request: Request) -> Response:
        account = self.caller(request, "write:media")
        file = self.kept.get(request.path_params["id"])
        if file is None or file.account.id != account.id or file.is_attached:
            return error(404, "Record not found")
        file.looks_until_ready -= 1
        return JSONResponse(file.shown(), 200 if file.is_ready else 206)

    def attach(self, account: Account, ids: Any) -> list[File]:
        """Those that a status may show, in the order they are named."""
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise _invalid("Media ids are no list")
        if len(ids) > MOST:
            raise _invalid(f"Cannot attach more than {MOST} files")
        files = [self.kept[each] for each in ids if each in self.kept]
        own = [file for file in files if file.account.id == account.id and not file.is_attached]
        if len(own) < len(ids):
            raise _invalid("Media not found or already attached to another post")
        if len(own) > 1 and any(file.type == "video" for file in own):
            raise _invalid("Cannot attach a video to a post that already contains images")
        if not all(file.is_ready for file in own):
            raise _invalid("Cannot attach files that have not finished processing. Try again!")
        for file in own:
            file.is_attached = True
        return own


def _check(seen: Seen) -> None:
    pixels = (seen.width or 0) * (seen.height or 0)
    if seen.mime_type in PICTURES:
        size, most = PICTURE_BYTES, PICTURE_PIXELS
    elif seen.mime_type in FILMS:
        size, most = FILM_BYTES, FILM_PIXELS
    else:
        raise _invalid("File content type is invalid")
    if seen.size > size:
        raise _invalid(f"File file size must be less than {size // 1024 // 1024} MB")
    if pixels > most:
        raise _invalid(f"{seen.width}x{seen.height} media files are not supported")


async def _value(given: UploadFile | str) -> bytes | str:
    return given if isinstance(given, str) else await given.read()


def _invalid(words: str) -> Refusal:
    return Refusal(error(422, f"Validation failed: {words}"))
