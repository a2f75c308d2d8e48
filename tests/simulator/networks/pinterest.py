"""Pinterest's API and site, imitated from developers.pinterest.com/docs/api/v5."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.imitation import Habits
from tests.simulator.oauth import Authority
from tests.simulator.oauth_grants import Grants
from tests.simulator.own_application import typed
from tests.simulator.pinterest.answers import broken, error, rate_headers, refused, throttled
from tests.simulator.pinterest.pins import Invalid, check, demand_cover, pictures_of
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, bearer, json_of, origin, page

PINS_ALLOWED = 100
_SCOPES = ("boards:read", "boards:write", "pins:read", "pins:write", "user_accounts:read")
_WRITING = frozenset({"boards:read", "boards:write", "pins:read", "pins:write"})
_UPLOAD = "/media-upload"


@dataclass(frozen=True, kw_only=True)
class User:
    """`boards` are names by ids."""

    id: str
    username: str
    pins: RateWindow
    boards: dict[str, str]


@dataclass(kw_only=True)
class Film:
    """Whose it is, what its form must hold, and what came: `failed` where that is no film."""

    user_id: str
    form: dict[str, str]
    status: str = "registered"
    seen: Seen | None = None


@dataclass(kw_only=True)
class Pinterest:
    habits = Habits(one_alt_text=True)

    world: World
    users: dict[str, User] = field(default_factory=dict)
    pins: dict[str, dict[str, Any]] = field(default_factory=dict)
    films: dict[str, Film] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grants = Grants(network="pinterest", world=self.world, lives=30 * 86_400.0)
        self.authority = Authority(
            grants=self.grants,
            scopes=frozenset(_SCOPES),
            open_account=lambda _: self._open().id,
            by_header=True,
            challenges=False,
            rotates=False,
            between=",",
            tells_between=" ",
        )
        remember: dict[str, Callable[..., None]] = {
            "user": self._add_user,
            "pin": self._add_pin,
            **self.grants.remembering(),
        }
        for kind, said in self.world.memory.kept("pinterest"):
            remember[kind](**said)

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/", self.authority.authorize),
            Route("/v5/oauth/token", self.authority.token, methods=["POST"]),
            Route("/v5/user_account", self.show_user),
            Route("/v5/boards", self.list_boards),
            Route("/v5/media", self.register, methods=["POST"]),
            Route("/v5/media/{id}", self.show_film),
            Route(_UPLOAD, self.take_film, methods=["POST"]),
            Route("/v5/pins", self.list_pins),
            Route("/v5/pins", self.create_pin, methods=["POST"]),
            Route("/v5/pins/{id}", self.show_pin),
            Route("/pin/{id}/", self.show_page),
        ]

    def new_account(
        self,
        origin: str,
        *,
        posts_allowed: int = PINS_ALLOWED,
        boards: int = 1,
        renews: bool = True,
    ) -> dict[str, str]:
        """What a person would type who has an application of their own."""
        user = self._open(posts_allowed, boards)
        return typed(self.grants, f"{origin}/pinterest", user.id, _SCOPES, renews=renews)

    def _open(self, posts_allowed: int = PINS_ALLOWED, boards: int = 1) -> User:
        said: dict[str, Any] = {
            "user_id": _id(),
            "username": f"pinner{len(self.users) + 1}",
            "posts_allowed": posts_allowed,
            "boards": {_id(): f"Board {number + 1}" for number in range(boards)},
        }
        self.world.memory.keep("pinterest", "user", **said)
        self._add_user(**said)
        return self.users[said["user_id"]]

    def _add_user(
        self, user_id: str, username: str, posts_allowed: int, boards: dict[str, str]
    ) -> None:
        pins = RateWindow(limit=posts_allowed, seconds=60)
        self.users[user_id] = User(id=user_id, username=username, pins=pins, boards=boards)

    async def create_pin(self, request: Request) -> Response:
        received_at = time.time()
        user = self._caller(request, *_WRITING)
        wish = await json_of(request)
        fault = self.world.faults.take("pinterest", str(wish.get("description", "")))
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, user.pins, bearer(request))
        try:
            check(wish)
            seen = await self._shown(wish, user)
        except Invalid as invalid:
            return error(400, 1, str(invalid))
        if wish.get("board_id") not in user.boards:
            return error(404, 40, "Board not found.")
        if not user.pins.take():
            return throttled(user.pins)
        said: dict[str, Any] = {
            "pin_id": _id(),
            "user_id": user.id,
            "wish": wish,
            "made_at": time.time(),
        }
        self.world.memory.keep("pinterest", "pin", **said)
        self._add_pin(**said)
        alt_text = str(wish.get("alt_text", ""))
        self.world.receipts.add(
            Receipt(
                network="pinterest",
                account=user.username,
                id=said["pin_id"],
                url=f"{origin(request)}/pinterest/pin/{said['pin_id']}/",
                text=str(wish.get("description", "")),
                key=None,
                received_at=received_at,
                media=[one.received(alt_text) for one in seen],
            )
        )
        if fault:
            return await broken(fault)
        return JSONResponse(self._told(said["pin_id"]), 201, headers=rate_headers(user.pins))

    async def _shown(self, wish: dict[str, Any], user: User) -> list[Seen]:
        """What the pin is to show. Raises Invalid."""
        source = wish.get("media_source")
        if not isinstance(source, dict):
            raise Invalid("The media source is missing")
        if source.get("source_type") != "video_id":
            return await pictures_of(source)
        film = self.films.get(str(source.get("media_id")))
        if film is None or film.user_id != user.id:
            raise Invalid("The media is not known")
        if film.status != "succeeded" or film.seen is None:
            raise Invalid("The video is not ready: its media has not succeeded")
        await demand_cover(source)
        return [film.seen]

    def _add_pin(self, pin_id: str, **said: Any) -> None:
        self.pins[pin_id] = said

    def _told(self, pin_id: str) -> dict[str, Any]:
        pin = self.pins[pin_id]
        made_at = datetime.fromtimestamp(pin["made_at"], UTC)
        told = {name: value for name, value in pin["wish"].items() if name != "media_source"}
        return {"id": pin_id, "created_at": f"{made_at:%Y-%m-%dT%H:%M:%S}", **told}

    async def register(self, request: Request) -> Response:
        user = self._caller(request, "pins:write")
        fault = self.world.faults.take("pinterest", "", "upload")
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, user.pins, bearer(request))
        if await json_of(request) != {"media_type": "video"}:
            return error(400, 1, "The media type is not valid")
        media_id = _id()
        form = {"key": f"uploads/{media_id}", "policy": secrets.token_urlsafe(60)}
        self.films[media_id] = Film(user_id=user.id, form=form)
        if fault:
            return await broken(fault)
        told = {
            "media_id": media_id,
            "media_type": "video",
            "upload_url": f"{origin(request)}/pinterest{_UPLOAD}",
            "upload_parameters": form,
        }
        return JSONResponse(told, 201)

    async def take_film(self, request: Request) -> Response:
        """As S3 takes a form: no token, all fields as they were told, the file the last of them."""
        if "authorization" in request.headers:
            return Response("Only one auth mechanism allowed", 400)
        async with request.form() as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            film = self.films.get(fields.get("key", "").rpartition("/")[2])
            file = form.get("file")
            if film is None or fields != film.form or list(form)[-1] != "file":
                return Response("<Error><Code>AccessDenied</Code></Error>", 403)
            if not isinstance(file, UploadFile):
                return Response("<Error><Code>InvalidArgument</Code></Error>", 400)
            data = await file.read()
        film.status = "failed"
        try:
            film.seen = look_at(data)
        except NoSuchFile:
            return Response(status_code=204)
        if film.seen.mime_type.startswith("video/") and 4 <= film.seen.seconds <= 900:
            film.status = "processing"
        return Response(status_code=204)

    async def show_film(self, request: Request) -> Response:
        """It is worked on as long as it was never asked about."""
        user = self._caller(request, "pins:read")
        film = self.films.get(request.path_params["id"])
        if film is None or film.user_id != user.id:
            return error(404, 1, "Media upload not found")
        told = {"media_id": request.path_params["id"], "media_type": "video"}
        status = film.status
        if film.status == "processing":
            film.status = "succeeded"
        return JSONResponse({**told, "status": status})

    def _caller(self, request: Request, *scopes: str) -> User:
        access = self.authority.caller(request)
        if access is None:
            raise Refusal(error(401, 2, "Authentication failed."))
        if not set(scopes) <= set(access.scopes):
            raise Refusal(error(403, 3, "Your token is not permitted to access that resource."))
        return self.users[access.account_id]

    async def show_user(self, request: Request) -> Response:
        user = self._caller(request, "user_accounts:read")
        own = [pin for pin in self.pins.values() if pin["user_id"] == user.id]
        told = {"id": user.id, "username": user.username, "account_type": "PINNER"}
        counted = {"follower_count": 5, "following_count": 2, "pin_count": len(own)}
        return JSONResponse({**told, **counted, "board_count": len(user.boards)})

    async def list_boards(self, request: Request) -> Response:
        user = self._caller(request, "boards:read")
        items = [
            {"id": identifier, "name": name, "privacy": "PUBLIC"}
            for identifier, name in user.boards.items()
        ]
        return _page(request, items)

    async def list_pins(self, request: Request) -> Response:
        user = self._caller(request, "boards:read", "pins:read")
        own = [one for one in reversed(self.pins) if self.pins[one]["user_id"] == user.id]
        return _page(request, [self._told(one) for one in own])

    async def show_pin(self, request: Request) -> Response:
        self._caller(request, "boards:read", "pins:read")
        if request.path_params["id"] not in self.pins:
            return error(404, 50, "Pin not found.")
        lifetime = {"pin_click": 7, "impression": 20, "clickthrough": 3, "save": 1}
        return JSONResponse(
            {
                **self._told(request.path_params["id"]),
                "pin_metrics": {"90d": {"impression": 2}, "lifetime_metrics": lifetime},
            }
        )

    async def show_page(self, request: Request) -> Response:
        pin = self.pins.get(request.path_params["id"])
        if pin is None:
            return Response("This pin was removed", 404)
        return page(self.users[pin["user_id"]].username, str(pin["wish"].get("description", "")))


def _page(request: Request, items: list[dict[str, Any]]) -> Response:
    start = int(request.query_params.get("bookmark", "0"))
    size = int(request.query_params.get("page_size", "25"))
    if not 1 <= size <= 250:
        return error(400, 1, "'page_size' must be 1 to 250")
    end = start + size
    bookmark = str(end) if end < len(items) else None
    return JSONResponse({"items": items[start:end], "bookmark": bookmark})


def _id() -> str:
    return str(10**17 + secrets.randbelow(9 * 10**17))


imitation = Pinterest
