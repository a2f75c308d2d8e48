"""TikTok's API and site, imitated from developers.tiktok.com."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.files import Seen
from tests.simulator.imitation import Habits
from tests.simulator.oauth import Authority
from tests.simulator.oauth_grants import Grants
from tests.simulator.own_application import typed
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.tiktok.answers import broken, error, refused, told
from tests.simulator.tiktok.posts import (
    Invalid,
    Item,
    check_source,
    check_words,
    film_of,
    pictures_of,
)
from tests.simulator.world import Refusal, World, bearer, json_of, origin, page

POSTS_ALLOWED = 15
_SCOPES = (
    "user.info.basic",
    "user.info.profile",
    "user.info.stats",
    "video.list",
    "video.publish",
    "video.upload",
)
_PUBLIC = "PUBLIC_TO_EVERYONE"
_MODES = frozenset({("PHOTO", "DIRECT_POST"), ("PHOTO", "MEDIA_UPLOAD")})
_LEVELS = (_PUBLIC, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")


@dataclass(kw_only=True)
class Creator:
    """`moderation`: how often a post that is published has no id yet when it is asked for.

    `failing`: of how many posts processing fails first, through no fault of theirs.
    """

    open_id: str
    username: str
    posts: RateWindow
    levels: tuple[str, ...]
    longest: int
    moderation: int
    failing: int


@dataclass(kw_only=True)
class TikTok:
    habits = Habits(tells_rates=False, tells_wait=False)

    world: World
    creators: dict[str, Creator] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grants = Grants(network="tiktok", world=self.world, lives=86_400.0)
        self.authority = Authority(
            grants=self.grants,
            scopes=frozenset(_SCOPES),
            open_account=lambda _: self._open().open_id,
            by_header=False,
            challenges=False,
            rotates=False,
            between=",",
            tells_between=",",
            client_called="client_key",
            gives_besides=lambda open_id: {"open_id": open_id},
            refuses_softly=True,
        )
        remember: dict[str, Callable[..., None]] = {
            "creator": self._add_creator,
            "item": self._add_item,
            **self.grants.remembering(),
        }
        for kind, said in self.world.memory.kept("tiktok"):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        publish = "/v2/post/publish"
        return [
            Route("/v2/auth/authorize/", self.authority.authorize),
            Route("/v2/oauth/token/", self.authority.token, methods=["POST"]),
            Route("/v2/oauth/revoke/", self.authority.revoke, methods=["POST"]),
            Route("/v2/user/info/", self.show_user),
            Route("/v2/video/query/", self.query_videos, methods=["POST"]),
            Route(f"{publish}/creator_info/query/", self.show_creator, methods=["POST"]),
            Route(f"{publish}/video/init/", self.begin_film, methods=["POST"]),
            Route(f"{publish}/inbox/video/init/", self.begin_film, methods=["POST"]),
            Route(f"{publish}/content/init/", self.publish_pictures, methods=["POST"]),
            Route(f"{publish}/status/fetch/", self.show_state, methods=["POST"]),
            Route("/upload/{publish_id}", self.take_piece, methods=["PUT"]),
            Route("/@{username}/{kind}/{id}", self.show_page),
        ]

    def new_account(
        self,
        origin: str,
        *,
        posts_allowed: int = POSTS_ALLOWED,
        renews: bool = True,
        **wish: Any,
    ) -> dict[str, str]:
        """What a person would type who has an application of their own."""
        creator = self._open(posts_allowed=posts_allowed, **wish)
        server = f"{origin}/tiktok"
        return typed(self.grants, server, creator.open_id, _SCOPES, renews=renews)

    def _open(
        self,
        *,
        posts_allowed: int = POSTS_ALLOWED,
        levels: tuple[str, ...] = _LEVELS,
        longest: int = 600,
        moderation: int = 0,
        failing: int = 0,
    ) -> Creator:
        said: dict[str, Any] = {
            "open_id": f"-000{secrets.token_hex(16)}",
            "username": f"creator{len(self.creators) + 1}",
            "posts_allowed": posts_allowed,
            "levels": list(levels),
            "longest": longest,
            "moderation": moderation,
            "failing": failing,
        }
        self.world.memory.keep("tiktok", "creator", **said)
        self._add_creator(**said)
        return self.creators[said["open_id"]]

    def _add_creator(
        self, open_id: str, posts_allowed: int, levels: list[str], **said: Any
    ) -> None:
        posts = RateWindow(limit=posts_allowed, seconds=86_400)
        self.creators[open_id] = Creator(open_id=open_id, posts=posts, levels=tuple(levels), **said)

    async def show_creator(self, request: Request) -> Response:
        creator = self._caller(request, "video.publish")
        self._spoil_upload(request)
        self._demand_room(creator)
        return told(
            {
                "creator_username": creator.username,
                "creator_nickname": creator.username.capitalize(),
                "privacy_level_options": list(creator.levels),
                "comment_disabled": False,
                "duet_disabled": False,
                "stitch_disabled": False,
                "max_video_post_duration_sec": creator.longest,
            }
        )

    async def begin_film(self, request: Request) -> Response:
        is_direct = "/inbox/" not in request.url.path
        creator = self._caller(request, "video.publish" if is_direct else "video.upload")
        self._demand_room(creator)
        wish = await json_of(request)
        info, source = wish.get("post_info", {}), wish.get("source_info", {})
        try:
            if is_direct:
                check_words(info, of_film=True, levels=creator.levels)
            check_source(source)
        except Invalid as invalid:
            return error(400, *invalid.args)
        item = self._item(creator, str(info.get("title", "")), "video", is_direct=is_direct)
        item.is_public = info.get("privacy_level") == _PUBLIC
        item.size, item.piece = source["video_size"], source["chunk_size"]
        item.pieces = source["total_chunk_count"]
        self.items[item.publish_id] = item
        address = f"{origin(request)}/tiktok/upload/{item.publish_id}?upload_token={item.post_id}"
        return told({"publish_id": item.publish_id, "upload_url": address})

    async def take_piece(self, request: Request) -> Response:
        """Whoever has the address needs no token."""
        received_at = time.time()
        item = self.items.get(request.path_params["publish_id"])
        if item is None or request.query_params.get("upload_token") != item.post_id:
            return Response(status_code=403)
        body = await request.body()
        if not _is_last(request, item, body):
            item.received += body
            return _taken(item, 206)
        fault = self.world.faults.take("tiktok", item.text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, bearer(request))
        item.received += body
        try:
            seen = film_of(bytes(item.received), self.creators[item.open_id].longest)
        except Invalid as invalid:
            item.status, item.fail_reason = "FAILED", invalid.args[0]
            return _taken(item, 201)
        self._accept(request, item, [seen], received_at)
        if fault:
            item.status = "PUBLISH_COMPLETE"
            return await broken(fault)
        return _taken(item, 201)

    async def publish_pictures(self, request: Request) -> Response:
        received_at = time.time()
        creator = self._caller(request, "video.publish")
        wish = await json_of(request)
        info = wish.get("post_info") or {}
        text = str(info.get("description", ""))
        fault = self.world.faults.take("tiktok", text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, bearer(request))
        self._demand_room(creator)
        if (wish.get("media_type"), wish.get("post_mode")) not in _MODES:
            return error(400, "invalid_params", "media_type or post_mode is not valid.")
        is_direct = wish["post_mode"] == "DIRECT_POST"
        item = self._item(creator, text, "photo", is_direct=is_direct)
        item.is_public = info.get("privacy_level") == _PUBLIC
        try:
            if is_direct:
                check_words(info, of_film=False, levels=creator.levels)
            seen = await pictures_of(wish.get("source_info"))
        except Invalid as invalid:
            if len(invalid.args) > 1:
                return error(400, *invalid.args)
            item.status, item.fail_reason = "FAILED", invalid.args[0]
            self.items[item.publish_id] = item
            return told({"publish_id": item.publish_id})
        self._accept(request, item, seen, received_at)
        return await broken(fault) if fault else told({"publish_id": item.publish_id})

    def _item(self, creator: Creator, text: str, kind: str, *, is_direct: bool) -> Item:
        return Item(
            publish_id=f"{kind[0]}_pub_file~v2.{secrets.randbelow(10**19)}",
            post_id=str(7 * 10**18 + secrets.randbelow(10**18)),
            open_id=creator.open_id,
            text=text,
            kind=kind,
            is_direct=is_direct,
            moderation=creator.moderation,
        )

    def _accept(self, request: Request, item: Item, seen: list[Seen], received_at: float) -> None:
        creator = self.creators[item.open_id]
        if creator.failing:
            creator.failing -= 1
            item.status, item.fail_reason = "FAILED", "internal"
            self.items[item.publish_id] = item
            return
        creator.posts.take()
        self.world.memory.keep(
            "tiktok",
            "item",
            publish_id=item.publish_id,
            post_id=item.post_id,
            open_id=item.open_id,
            text=item.text,
            shows=item.kind,
        )
        self.items[item.publish_id] = item
        item.status = "PROCESSING_DOWNLOAD"
        self.world.receipts.add(
            Receipt(
                network="tiktok",
                account=creator.username,
                id=item.post_id,
                url=f"{origin(request)}/tiktok/@{creator.username}/{item.kind}/{item.post_id}",
                text=item.text,
                key=None,
                received_at=received_at,
                media=[one.received() for one in seen],
            )
        )

    def _add_item(self, shows: str, **said: Any) -> None:
        item = Item(status="PUBLISH_COMPLETE", kind=shows, **said)
        self.items[item.publish_id] = item

    async def show_state(self, request: Request) -> Response:
        """It is worked on as long as it was never asked about."""
        creator = self._caller(request, "video.publish")
        item = self.items.get(str((await json_of(request)).get("publish_id")))
        if item is None or item.open_id != creator.open_id:
            return error(400, "invalid_publish_id", "The publish_id does not exist.")
        said: dict[str, Any] = {"status": item.status, "uploaded_bytes": len(item.received)}
        if item.status == "FAILED":
            said["fail_reason"] = item.fail_reason
        if item.status == "PUBLISH_COMPLETE":
            is_told = item.is_public and item.moderation <= 0
            said["publicaly_available_post_id"] = [item.post_id] if is_told else []
            item.moderation -= 1
        if item.status == "PROCESSING_DOWNLOAD":
            item.status = "PUBLISH_COMPLETE" if item.is_direct else "SEND_TO_USER_INBOX"
        return told(said)

    def _caller(self, request: Request, scope: str) -> Creator:
        access = self.authority.caller(request)
        if access is None:
            words = "The access token is invalid or not found in the request."
            raise Refusal(error(401, "access_token_invalid", words))
        if scope not in access.scopes:
            raise Refusal(error(401, "scope_not_authorized", "The user did not authorize it."))
        return self.creators[access.account_id]

    def _demand_room(self, creator: Creator) -> None:
        creator.posts.turn()
        if not creator.posts.remaining:
            words = "The daily post cap from the API is reached for the current user."
            raise Refusal(error(403, "spam_risk_too_many_posts", words))

    def _spoil_upload(self, request: Request) -> None:
        """Nothing that is asked for here could be made, so it is refused whatever the fault."""
        fault = self.world.faults.take("tiktok", "", "upload")
        if fault and fault.kind in AFTER_ACCEPTING:
            raise Refusal(Response("upstream connect error", 502))
        if fault:
            raise Refusal(refused(fault, bearer(request)))

    async def show_user(self, request: Request) -> Response:
        creator = self._caller(request, "user.info.basic")
        known = {
            "open_id": creator.open_id,
            "username": creator.username,
            "display_name": creator.username.capitalize(),
            "avatar_url": "https://p16.tiktokcdn.example/avatar.jpeg",
            "follower_count": 11,
            "following_count": 4,
            "likes_count": 90,
            "video_count": len(
                [one for one in self.items.values() if one.open_id == creator.open_id]
            ),
        }
        asked = request.query_params.get("fields", "").split(",")
        if not set(asked) <= known.keys():
            return error(400, "invalid_params", "A field is not valid.")
        return told({"user": {name: known[name] for name in asked}})

    async def query_videos(self, request: Request) -> Response:
        self._caller(request, "video.list")
        wanted = (await json_of(request)).get("filters", {}).get("video_ids", [])
        counted = {"view_count": 70, "like_count": 7, "comment_count": 1, "share_count": 2}
        found = [one for one in self.items.values() if one.post_id in wanted and one.is_public]
        return told({"videos": [{"id": one.post_id, **counted} for one in found]})

    async def show_page(self, request: Request) -> Response:
        wanted = request.path_params["id"]
        found = [one for one in self.items.values() if one.post_id == wanted]
        if not found:
            return Response("Video currently unavailable", 404)
        return page(request.path_params["username"], found[0].text)


def _is_last(request: Request, item: Item, body: bytes) -> bool:
    if not request.headers.get("content-type", "").startswith("video/"):
        raise Refusal(Response(status_code=400))
    try:
        return item.take(request.headers.get("content-range", ""), body)
    except Invalid as invalid:
        status = 416 if invalid.args[0] == "range" else 400
        raise Refusal(Response(status_code=status)) from invalid


def _taken(item: Item, status: int) -> Response:
    said = f"bytes 0-{len(item.received) - 1}/{item.size}"
    return Response(status_code=status, headers={"content-range": said})


imitation = TikTok
