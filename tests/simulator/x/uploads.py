"""Uploads at X: pictures in one call, what moves in segments; then X works on it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.forms import parts_of
from tests.simulator.world import Refusal, World, json_of
from tests.simulator.x.posts import Account, invalid

ALT_TEXT = 1000
SEGMENT = 5 * 1024 * 1024
WORKS = 0.05
_PICTURES = {"image/jpeg", "image/png", "image/webp"}
_SIZES = {
    "tweet_image": 5 * 1024**2,
    "tweet_gif": 15 * 1024**2,
    "tweet_video": 512 * 1024**2,
}
_TYPES = {
    "tweet_image": _PICTURES,
    "tweet_gif": {"image/gif"},
    "tweet_video": {"video/mp4", "video/quicktime"},
}


@dataclass(kw_only=True)
class Upload:
    id: str
    account_id: str
    category: str
    media_type: str
    total: int
    segments: dict[int, bytes] = field(default_factory=dict)
    seen: Seen | None = None
    alt_text: str = ""
    ready_at: float = 0.0
    problem: str = ""

    def close(self) -> None:
        """Put together and looked at; what is wrong is told when the work is done."""
        data = b"".join(self.segments[number] for number in sorted(self.segments))
        whole = sorted(self.segments) == list(range(len(self.segments)))
        try:
            self.seen = look_at(data)
        except NoSuchFile:
            self.problem = "InvalidMedia"
            return
        seen = self.seen
        fits = (
            whole
            and len(data) == self.total
            and len(data) <= _SIZES[self.category]
            and seen.mime_type in _TYPES[self.category]
            and (self.category == "tweet_image") == (seen.frames == 1)
        )
        if self.category == "tweet_video":
            fits = fits and 0.45 <= seen.seconds <= 140.5 and seen.fps <= 60.1
        if not fits:
            self.problem = "InvalidMedia"

    @property
    def work(self) -> dict[str, Any]:
        if time.time() < self.ready_at:
            return {"state": "in_progress", "check_after_secs": 1, "progress_percent": 40}
        if self.problem:
            return {"state": "failed", "error": {"code": 1, "message": self.problem}}
        return {"state": "succeeded", "progress_percent": 100}

    @property
    def is_ready(self) -> bool:
        return self.seen is not None and self.work["state"] == "succeeded"

    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self.id, "media_key": f"3_{self.id}", "size": self.total}
        if self.category != "tweet_image":
            told["processing_info"] = self.work
        return told


@dataclass(kw_only=True)
class Uploads:
    """`caller` answers whose a call is, and `refuse` how a fault shows."""

    world: World
    caller: Callable[[Request, str], Account]
    refuse: Callable[[Request, Fault, Account], Response]
    spoil: Callable[[Fault], Any]
    next_id: Callable[[], str]
    kept: dict[str, Upload] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            Route("/2/media/upload", self.upload, methods=["POST"]),
            Route("/2/media/upload", self.show),
            Route("/2/media/upload/initialize", self.initialize, methods=["POST"]),
            Route("/2/media/upload/{id}/append", self.append, methods=["POST"]),
            Route("/2/media/upload/{id}/finalize", self.finalize, methods=["POST"]),
            Route("/2/media/metadata", self.describe, methods=["POST"]),
        ]

    def attached(self, account: Account, ids: list[str]) -> list[Upload]:
        """What a post shows: four pictures, or one that moves."""
        found = [self.kept.get(one) for one in ids]
        uploads = [one for one in found if one and one.account_id == account.id and one.is_ready]
        if len(uploads) < len(ids) or not ids or len(set(ids)) < len(ids):
            raise Refusal(invalid("Your media IDs are invalid."))
        moving = [one for one in uploads if one.category != "tweet_image"]
        if len(uploads) > 4 or (moving and len(uploads) > 1):
            raise Refusal(invalid("Your media IDs are invalid: 4 photos, or 1 GIF or 1 video."))
        return uploads

    async def upload(self, request: Request) -> Response:
        account, fault = self._begin(request)
        fields, files = await parts_of(request)
        if files.keys() != {"media"} or fields.keys() != {"media_category", "media_type"}:
            return invalid("media and media_category are required")
        if fields["media_category"] != "tweet_image":
            return invalid("What moves is uploaded in segments")
        data = files["media"]
        made = Upload(
            id=self.next_id(),
            account_id=account.id,
            category="tweet_image",
            media_type=fields["media_type"],
            total=len(data),
            segments={0: data},
        )
        made.close()
        if made.problem:
            return invalid("The media is not valid")
        self.kept[made.id] = made
        return await self.spoil(fault) if fault else JSONResponse({"data": made.told()})

    async def initialize(self, request: Request) -> Response:
        account, fault = self._begin(request)
        wish = await json_of(request)
        category, total = wish.get("media_category"), wish.get("total_bytes")
        if category not in _SIZES or wish.get("media_type") not in _TYPES[category]:
            return invalid("$.media_category and $.media_type do not go together")
        if not isinstance(total, int) or not 0 < total <= _SIZES[category]:
            return invalid("$.total_bytes is not allowed: File size exceeds the limit")
        made = Upload(
            id=self.next_id(),
            account_id=account.id,
            category=category,
            media_type=wish["media_type"],
            total=total,
        )
        self.kept[made.id] = made
        told = {"id": made.id, "media_key": f"7_{made.id}", "expires_after_secs": 86_400}
        return await self.spoil(fault) if fault else JSONResponse({"data": told})

    async def append(self, request: Request) -> Response:
        upload = self._own(request, request.path_params["id"])
        fields, files = await parts_of(request)
        number = fields.get("segment_index", "")
        if not number.isdigit() or files.keys() != {"media"} or upload.seen:
            return invalid("segment_index and media are required")
        if not 0 < len(files["media"]) <= SEGMENT:
            return invalid("A segment has 5 MB at most")
        upload.segments[int(number)] = files["media"]
        return JSONResponse({"data": {"expires_at": int(time.time()) + 86_400}})

    async def finalize(self, request: Request) -> Response:
        upload = self._own(request, request.path_params["id"])
        if sum(map(len, upload.segments.values())) != upload.total:
            return invalid("Segments do not add up to provided total file size.")
        upload.close()
        upload.ready_at = time.time() + WORKS
        return JSONResponse({"data": upload.told()})

    async def show(self, request: Request) -> Response:
        if request.query_params.get("command") != "STATUS":
            return invalid("command must be STATUS")
        upload = self._own(request, request.query_params.get("media_id", ""))
        return JSONResponse({"data": upload.told()})

    async def describe(self, request: Request) -> Response:
        wish = await json_of(request)
        upload = self._own(request, str(wish.get("id")))
        try:
            text = wish["metadata"]["alt_text"]["text"]
        except (KeyError, TypeError):
            return invalid("$.metadata.alt_text.text is missing")
        if not isinstance(text, str) or not 0 < len(text) <= ALT_TEXT:
            return invalid(f"$.metadata.alt_text.text has {ALT_TEXT} characters at most")
        if upload.category == "tweet_video":
            return invalid("Alt text is of images and GIFs")
        upload.alt_text = text
        return JSONResponse({"data": {"id": upload.id, "associated_metadata": wish["metadata"]}})

    def _begin(self, request: Request) -> tuple[Account, Fault | None]:
        account = self.caller(request, "media.write")
        fault = self.world.faults.take("x", "", "upload")
        if fault and fault.kind not in AFTER_ACCEPTING:
            raise Refusal(self.refuse(request, fault, account))
        return account, fault

    def _own(self, request: Request, identifier: str) -> Upload:
        account = self.caller(request, "media.write")
        upload = self.kept.get(identifier)
        if upload is None or upload.account_id != account.id:
            raise Refusal(invalid("Your media IDs are invalid."))
        return upload
