"""Uploads at LinkedIn: announced, filled at the addresses it tells, worked on, then named."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.files import NoSuchFile, Seen, look_at, pages_of
from tests.simulator.linkedin.answers import broken, error, refused
from tests.simulator.world import Refusal, World, bearer, json_of, origin

PART = 1024
"""Small, so that every film has several."""
WORKS = 0.02
_NOUNS = {"images": "image", "videos": "video", "documents": "document"}
_TYPES = {
    "images": {"image/jpeg", "image/png", "image/gif"},
    "videos": {"video/mp4"},
    "documents": {"application/pdf"},
}
_VIDEO = {"owner", "fileSizeBytes", "uploadCaptions", "uploadThumbnail"}


@dataclass(kw_only=True)
class Upload:
    urn: str
    edge: str
    owner: str
    size: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    parts: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    seen: Seen | None = None
    ready_at: float = 0.0
    failed: bool = False

    @property
    def status(self) -> str:
        if self.failed:
            return "PROCESSING_FAILED"
        if self.seen is None:
            return "WAITING_UPLOAD"
        return "PROCESSING" if time.time() < self.ready_at else "AVAILABLE"

    def close(self, data: bytes) -> None:
        self.ready_at = time.time() + WORKS
        try:
            self.seen = look_at(data)
        except NoSuchFile:
            self.failed = True
            return
        seen = self.seen
        fits = seen.mime_type in _TYPES[self.edge]
        if self.edge == "images":
            fits = fits and (seen.width or 0) * (seen.height or 0) < 36_152_320
            fits = fits and seen.frames <= 250
        if self.edge == "videos":
            fits = fits and 2.95 <= seen.seconds <= 1800.5 and seen.size == self.size
        if self.edge == "documents":
            fits = fits and seen.size <= 100 * 1024**2 and 1 <= pages_of(data) <= 300
        self.failed = not fits


@dataclass(kw_only=True)
class Uploads:
    """`demand` refuses whoever may not speak for an author."""

    world: World
    demand: Callable[[Request, str], None]
    known: Callable[[Request], object]
    next_id: Callable[[], str]
    kept: dict[str, Upload] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            *(Route(f"/rest/{edge}", self._action(edge), methods=["POST"]) for edge in _NOUNS),
            *(Route(f"/rest/{edge}/{{urn}}", self.show) for edge in _NOUNS),
            Route("/dms-uploads/{urn}/{part}", self.fill, methods=["PUT"]),
        ]

    def shown(self, wish: dict[str, Any]) -> list[tuple[Upload, str]]:
        """What a post shows, with alt texts; nothing where it shows nothing."""
        content = wish.get("content", {})
        if not content:
            return []
        if content.keys() == {"multiImage"}:
            images = content["multiImage"].get("images")
            if not isinstance(images, list) or not 2 <= len(images) <= 20:
                raise _invalid("ERROR :: /content/multiImage/images :: 2 to 20 images")
            return [self._named(one, wish["author"], {"images"}) for one in images]
        if content.keys() == {"media"}:
            return [self._named(content["media"], wish["author"], set(_NOUNS))]
        raise _invalid("ERROR :: /content :: is not a member type of union")

    def _named(self, one: dict[str, Any], author: str, edges: set[str]) -> tuple[Upload, str]:
        upload = self.kept.get(str(one.get("id")))
        if upload is None or upload.owner != author or upload.edge not in edges:
            raise _invalid("ERROR :: /content/media/id :: no such media of the author")
        if upload.status != "AVAILABLE":
            raise _invalid("ERROR :: /content/media/id :: the media is not AVAILABLE")
        alt_text = one.get("altText", "")
        if len(alt_text) > 4086 or (alt_text and upload.edge != "images"):
            raise _invalid("ERROR :: /content/media/altText :: is not allowed here")
        if upload.edge == "documents" and not one.get("title"):
            raise _invalid("ERROR :: /content/media/title :: field is required for a document")
        return upload, alt_text

    def _action(self, edge: str) -> Callable[[Request], Any]:
        async def act(request: Request) -> Response:
            wish = await json_of(request)
            match request.query_params.get("action"):
                case "initializeUpload":
                    return await self._initialize(request, edge, wish)
                case "finalizeUpload" if edge == "videos":
                    return self._finalize(request, wish)
            return error(400, "ILLEGAL_ARGUMENT", "No such action")

        return act

    async def _initialize(self, request: Request, edge: str, wish: dict[str, Any]) -> Response:
        said = wish.get("initializeUploadRequest")
        needed = _VIDEO if edge == "videos" else {"owner"}
        if not isinstance(said, dict) or said.keys() != needed:
            raise _invalid("ERROR :: /initializeUploadRequest :: field is required but not found")
        self.demand(request, said["owner"])
        fault: Fault | None = self.world.faults.take("linkedin", "", "upload")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, bearer(request))
        urn = f"urn:li:{_NOUNS[edge]}:C4E{self.next_id()}"
        size = said.get("fileSizeBytes", 0)
        if edge == "videos" and not 0 < size <= 500 * 1024**2:
            raise _invalid("ERROR :: /initializeUploadRequest/fileSizeBytes :: is out of bounds")
        self.kept[urn] = Upload(urn=urn, edge=edge, owner=said["owner"], size=size)
        address = f"{origin(request)}/linkedin/dms-uploads/{urn}"
        value: dict[str, Any] = {_NOUNS[edge]: urn, "uploadUrlExpiresAt": 1_900_000_000_000}
        if edge == "videos":
            value["uploadToken"] = self.kept[urn].token
            value["uploadInstructions"] = [
                {
                    "uploadUrl": f"{address}/{start // PART}",
                    "firstByte": start,
                    "lastByte": min(start + PART, size) - 1,
                }
                for start in range(0, size, PART)
            ]
        else:
            value["uploadUrl"] = f"{address}/0"
        return await broken(fault) if fault else JSONResponse({"value": value})

    async def fill(self, request: Request) -> Response:
        self.known(request)
        upload = self.kept.get(request.path_params["urn"])
        if upload is None or upload.seen is not None:
            return error(404, "NOT_FOUND", "No such upload")
        data, part = await request.body(), int(request.path_params["part"])
        if not data or (upload.edge == "videos" and len(data) > PART):
            return error(400, "ILLEGAL_ARGUMENT", "A part has bounds")
        if upload.edge != "videos":
            upload.close(data)
            return Response(status_code=201)
        tag = secrets.token_hex(16)
        upload.parts[part] = tag, data
        return Response(status_code=200, headers={"etag": f'"{tag}"'})

    def _finalize(self, request: Request, wish: dict[str, Any]) -> Response:
        self.known(request)
        said = wish.get("finalizeUploadRequest", {})
        upload = self.kept.get(str(said.get("video")))
        if upload is None or said.get("uploadToken") != upload.token:
            raise _invalid("ERROR :: /finalizeUploadRequest/video :: no such upload")
        parts = [upload.parts[number] for number in sorted(upload.parts)]
        if said.get("uploadedPartIds") != [tag for tag, _ in parts]:
            raise _invalid("ERROR :: /finalizeUploadRequest/uploadedPartIds :: parts are missing")
        upload.close(b"".join(data for _, data in parts))
        return Response(status_code=200)

    async def show(self, request: Request) -> Response:
        self.known(request)
        upload = self.kept.get(unquote(request.path_params["urn"]))
        if upload is None:
            return error(404, "NOT_FOUND", "No such media")
        told = {"id": upload.urn, "owner": upload.owner, "status": upload.status}
        return JSONResponse(told)


def _invalid(words: str) -> Refusal:
    return Refusal(error(422, "INPUT_VALIDATION_ERROR", words))
