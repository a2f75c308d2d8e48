"""YouTube's API and site, imitated from developers.google.com/youtube/v3."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.files import NoSuchFile, look_at
from tests.simulator.imitation import Habits
from tests.simulator.oauth import Authority
from tests.simulator.oauth_grants import Grants
from tests.simulator.own_application import typed
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, bearer, json_of, origin, page
from tests.simulator.youtube.answers import broken, error, refused
from tests.simulator.youtube.videos import Invalid, Session, Video, session_of

UPLOADS_ALLOWED = 100
_SCOPE = "https://www.googleapis.com/auth/"
UPLOAD, READ = f"{_SCOPE}youtube.upload", f"{_SCOPE}youtube.readonly"
_THUMBNAIL_MAXIMUM = 2 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Channel:
    id: str
    title: str
    uploads: RateWindow

    @property
    def playlist(self) -> str:
        return f"UU{self.id[2:]}"

    def shown(self, videos: int) -> dict[str, Any]:
        handle = f"@{self.title.lower().replace(' ', '')}"
        counted = {"viewCount": "0", "subscriberCount": "12", "videoCount": str(videos)}
        return {
            "id": self.id,
            "snippet": {"title": self.title, "customUrl": handle, "thumbnails": {}},
            "contentDetails": {"relatedPlaylists": {"uploads": self.playlist}},
            "statistics": {**counted, "hiddenSubscriberCount": False},
        }


@dataclass(kw_only=True)
class YouTube:
    habits = Habits(tells_rates=False, tells_wait=False)

    world: World
    channels: dict[str, Channel] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    videos: dict[str, Video] = field(default_factory=dict)
    finished: dict[str, Video] = field(default_factory=dict)
    thumbnails: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grants = Grants(network="youtube", world=self.world, lives=3600.0)
        self.authority = Authority(
            grants=self.grants,
            scopes=frozenset({UPLOAD, READ}),
            open_account=lambda _: self._open(UPLOADS_ALLOWED).id,
            by_header=False,
            challenges=True,
            rotates=False,
            demands={"access_type": "offline", "prompt": "consent"},
        )
        remember: dict[str, Callable[..., object]] = {
            "channel": self._add_channel,
            "video": self._add_video,
            **self.grants.remembering(),
        }
        for kind, said in self.world.memory.kept("youtube"):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        upload = "/upload/youtube/v3"
        return [
            Route("/o/oauth2/v2/auth", self.authority.authorize),
            Route("/token", self.authority.token, methods=["POST"]),
            Route("/revoke", self.authority.revoke, methods=["POST"]),
            Route("/youtube/v3/channels", self.list_channels),
            Route("/youtube/v3/playlistItems", self.list_uploads),
            Route("/youtube/v3/videos", self.list_videos),
            Route(f"{upload}/videos", self.begin, methods=["POST"]),
            Route(f"{upload}/videos", self.go_on, methods=["PUT"]),
            Route(f"{upload}/thumbnails/set", self.set_thumbnail, methods=["POST"]),
            Route("/watch", self.show_page),
        ]

    def new_account(
        self, origin: str, *, posts_allowed: int = UPLOADS_ALLOWED, renews: bool = True
    ) -> dict[str, str]:
        """What a person would type who has an application of their own."""
        channel = self._open(posts_allowed)
        server = f"{origin}/youtube"
        return typed(self.grants, server, channel.id, (UPLOAD, READ), renews=renews)

    def _open(self, posts_allowed: int) -> Channel:
        said: dict[str, Any] = {
            "channel_id": f"UC{secrets.token_urlsafe(16)}",
            "title": f"Channel {len(self.channels) + 1}",
            "posts_allowed": posts_allowed,
        }
        self.world.memory.keep("youtube", "channel", **said)
        self._add_channel(**said)
        return self.channels[said["channel_id"]]

    def _add_channel(self, channel_id: str, title: str, posts_allowed: int) -> None:
        uploads = RateWindow(limit=posts_allowed, seconds=86_400)
        self.channels[channel_id] = Channel(id=channel_id, title=title, uploads=uploads)

    async def begin(self, request: Request) -> Response:
        channel = self._caller(request, UPLOAD)
        fault = self.world.faults.take("youtube", "", "upload")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, bearer(request))
        try:
            session = session_of(
                channel.id, await json_of(request), request.headers, request.query_params
            )
        except Invalid as invalid:
            return error(400, str(invalid), "The request metadata is invalid.")
        channel.uploads.turn()
        if not channel.uploads.remaining:
            words = "The user has exceeded the number of videos they may upload."
            return error(400, "uploadLimitExceeded", words)
        upload_id = secrets.token_urlsafe(48)
        self.sessions[upload_id] = session
        if fault:
            return await broken(fault)
        place = f"{origin(request)}{request.url.path}?{request.url.query}&upload_id={upload_id}"
        return Response(headers={"location": place})

    async def go_on(self, request: Request) -> Response:
        """Whoever has the address of the session needs no token."""
        received_at = time.time()
        upload_id = request.query_params.get("upload_id", "")
        if video := self.finished.get(upload_id):
            return JSONResponse(video.shown())
        session = self.sessions.get(upload_id)
        if session is None:
            return error(404, "notFound", "The upload is not known.")
        body = await request.body()
        try:
            is_last = session.take(request.headers.get("content-range", ""), body)
        except Invalid as invalid:
            return error(400, str(invalid), "The range is invalid.")
        if not is_last:
            return _incomplete(session)
        return await self._finish(request, upload_id, session, body, received_at)

    async def _finish(
        self, request: Request, upload_id: str, session: Session, body: bytes, received_at: float
    ) -> Response:
        fault = self.world.faults.take("youtube", session.description)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, bearer(request))
        try:
            seen = look_at(bytes(session.received + body))
        except NoSuchFile:
            return error(400, "badContent", "The file is no video.")
        if not seen.mime_type.startswith("video/") or not seen.seconds:
            return error(400, "badContent", "The file is no video.")
        channel = self.channels[session.channel_id]
        channel.uploads.take()
        said: dict[str, Any] = {
            "video_id": secrets.token_urlsafe(9)[:11],
            "channel_id": channel.id,
            "upload_id": upload_id,
            "wish": session.wish,
            "made_at": time.time(),
        }
        self.world.memory.keep("youtube", "video", **said)
        video = self._add_video(**said)
        del self.sessions[upload_id]
        self.world.receipts.add(
            Receipt(
                network="youtube",
                account=channel.title,
                id=video.id,
                url=f"{origin(request)}/youtube/watch?v={video.id}",
                text=video.description,
                key=None,
                received_at=received_at,
                media=[seen.received()],
            )
        )
        return await broken(fault) if fault else JSONResponse(video.shown(), 201)

    def _add_video(self, video_id: str, **said: Any) -> Video:
        video = Video(id=video_id, **said)
        self.videos[video_id] = self.finished[video.upload_id] = video
        return video

    async def set_thumbnail(self, request: Request) -> Response:
        channel = self._caller(request, UPLOAD)
        video = self.videos.get(request.query_params.get("videoId", ""))
        if video is None or video.channel_id != channel.id:
            return error(404, "videoNotFound", "The video is not known.")
        body = await request.body()
        try:
            seen = look_at(body)
        except NoSuchFile:
            return error(400, "invalidImage", "The image content is invalid.")
        typed_as = request.headers.get("content-type", "")
        if seen.mime_type not in {"image/jpeg", "image/png"} or typed_as != seen.mime_type:
            return error(400, "invalidImage", "The image content is invalid.")
        if len(body) > _THUMBNAIL_MAXIMUM:
            return error(413, "uploadTooLarge", "The image is too large.")
        self.thumbnails[video.id] = seen.received()
        for receipt in self.world.receipts.of("youtube", video.id):
            receipt.media[0]["cover"] = seen.received()
        return JSONResponse({"kind": "youtube#thumbnailSetResponse", "items": [{}]})

    def _caller(self, request: Request, scope: str) -> Channel:
        access = self.authority.caller(request)
        if access is None:
            raise Refusal(error(401, "authError", "Invalid Credentials"))
        if scope not in access.scopes:
            words = "Request had insufficient authentication scopes."
            raise Refusal(error(403, "insufficientPermissions", words))
        return self.channels[access.account_id]

    async def list_channels(self, request: Request) -> Response:
        channel = self._caller(request, READ)
        if request.query_params.get("mine") != "true":
            return error(400, "missingRequiredParameter", "No filter selected.")
        own = [video for video in self.videos.values() if video.channel_id == channel.id]
        return JSONResponse({"items": [channel.shown(len(own))]})

    async def list_uploads(self, request: Request) -> Response:
        channel = self._caller(request, READ)
        query = request.query_params
        if query.get("playlistId") != channel.playlist:
            return error(404, "playlistNotFound", "The playlist cannot be found.")
        own = [one for one in reversed(self.videos.values()) if one.channel_id == channel.id]
        size, start = int(query.get("maxResults", "5")), int(query.get("pageToken", "0"))
        shown = own[start : start + min(size, 50)]
        told: dict[str, Any] = {
            "items": [
                {"snippet": one.shown()["snippet"], "contentDetails": {"videoId": one.id}}
                for one in shown
            ]
        }
        if start + len(shown) < len(own):
            told["nextPageToken"] = str(start + len(shown))
        return JSONResponse(told)

    async def list_videos(self, request: Request) -> Response:
        self._caller(request, READ)
        video = self.videos.get(request.query_params.get("id", ""))
        counted = {"viewCount": "7", "likeCount": "3", "favoriteCount": "0", "commentCount": "1"}
        items = [{**video.shown(), "statistics": counted}] if video else []
        return JSONResponse({"items": items})

    async def show_page(self, request: Request) -> Response:
        video = self.videos.get(request.query_params.get("v", ""))
        if video is None:
            return Response("This video is not available any more", 404)
        return page(self.channels[video.channel_id].title, video.description)


def _incomplete(session: Session) -> Response:
    got = len(session.received)
    return Response(status_code=308, headers={"range": f"bytes=0-{got - 1}"} if got else {})


imitation = YouTube
