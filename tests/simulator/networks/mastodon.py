"""A Mastodon server, imitated from docs.joinmastodon.org and the source of mastodon/mastodon."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator import graphemes
from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.mastodon.answers import broken, error, rate_headers, refused, throttled
from tests.simulator.mastodon.counting import count
from tests.simulator.mastodon.entities import Account, Status
from tests.simulator.mastodon.manners import InvalidStatus, Manner, manner_of
from tests.simulator.mastodon.media import (
    DESCRIPTION,
    FILM_BYTES,
    FILM_PIXELS,
    FILMS,
    MOST,
    PICTURE_BYTES,
    PICTURE_PIXELS,
    PICTURES,
    Files,
)
from tests.simulator.mastodon.oauth import MastodonOauth
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, bearer, origin, page

MAXIMUM = 500
KEY_KEPT = 3600.0
POSTS_ALLOWED = 300
POSTS_WINDOW = 3 * 3600


@dataclass(kw_only=True)
class Mastodon:
    world: World
    accounts: dict[str, Account] = field(default_factory=dict)
    statuses: dict[str, Status] = field(default_factory=dict)
    keys: dict[tuple[str, str], tuple[str, float]] = field(default_factory=dict)
    last_id: int = 0
    people: int = 0
    oauth: MastodonOauth = field(init=False)
    files: Files = field(init=False)

    def __post_init__(self) -> None:
        self.oauth = MastodonOauth(
            memory=self.world.memory, accounts=self.accounts, open_account=self._open_account
        )
        self.files = Files(world=self.world, caller=self._caller, next_id=self._next_id)
        again: dict[str, Callable[..., object]] = {
            "account": self._add_account,
            "status": self._add_status,
            "app": self.oauth.remember_app,
            "token": self.oauth.remember_token,
            "revoked": self.oauth.forget_token,
        }
        for kind, said in self.world.memory.kept("mastodon"):
            again[kind](**said)

    def routes(self) -> list[Route]:
        return [
            *self.oauth.routes(),
            *self.files.routes(),
            Route("/api/v1/statuses", self.create_status, methods=["POST"]),
            Route("/api/v1/statuses/{id}", self.show_status),
            Route("/api/v1/statuses/{id}/source", self.show_source),
            Route("/api/v1/accounts/verify_credentials", self.verify_credentials),
            Route("/api/v1/accounts/{id}/statuses", self.list_statuses),
            Route("/api/v2/instance", self.instance),
            Route("/@{username}/{id}", self.show_page),
        ]

    def new_account(self, origin: str, *, posts_allowed: int = POSTS_ALLOWED) -> dict[str, str]:
        """What a person would type to connect it."""
        account = self._open_account(posts_allowed)
        return {"instance": f"{origin}/mastodon", "access_token": account.token}

    def _open_account(self, posts_allowed: int = POSTS_ALLOWED) -> Account:
        said: dict[str, Any] = {
            "account_id": self._next_id(),
            "username": f"person{self.people + 1}",
            "token": secrets.token_urlsafe(32),
            "posts_allowed": posts_allowed,
        }
        self.world.memory.keep("mastodon", "account", **said)
        return self._add_account(**said)

    def _add_account(
        self, account_id: str, username: str, token: str, posts_allowed: int
    ) -> Account:
        posts = RateWindow(limit=posts_allowed, seconds=POSTS_WINDOW)
        account = Account(id=account_id, username=username, token=token, posts=posts)
        self.people += 1
        self.accounts[token] = account
        return account

    async def create_status(self, request: Request) -> Response:
        received_at = time.time()
        wish = _decoded(await request.body(), request.headers.get("content-type", ""))
        account = self._caller(request, "write:statuses")
        text = str(wish.get("status") or "").strip(" \t\n\v\f\r\0")
        key = request.headers.get("idempotency-key", "")
        fault = self.world.faults.take("mastodon", text)
        if fault and fault.kind == "refuse" and self._known(account, key):
            fault = None
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, account)
        parent = self._parent(wish)
        status = self._repeated(account, key)
        if status is None:
            files = self.files.attach(account, wish.pop("media_ids", []))
            manner = _checked(text, wish, account, shows=bool(files))
            said: dict[str, Any] = {
                "status_id": self._next_id(),
                "token": account.token,
                "text": text,
                "created_at": time.time(),
                **asdict(manner),
                "base": f"{origin(request)}/mastodon",
                "key": key,
                "parent": parent,
                "media": [file.shown() for file in files],
            }
            self.world.memory.keep("mastodon", "status", **said)
            status = self._add_status(**said)
            received = [file.seen.received(file.description) for file in files]
            self._acknowledge(status, key, received_at, received)
        if fault:
            return await broken(fault)
        return JSONResponse(status.shown(), headers=rate_headers(account))

    def _caller(self, request: Request, scope: str) -> Account:
        token = bearer(request)
        account = self.accounts.get(token)
        if account is None:
            raise Refusal(error(401, "The access token is invalid"))
        self.oauth.demand_scope(token, scope)
        return account

    def _parent(self, wish: dict[str, Any]) -> str | None:
        """Looked for before anything else, the idempotency key too."""
        parent = str(wish.get("in_reply_to_id") or "")
        if parent and parent not in self.statuses:
            raise Refusal(error(404, "Record not found"))
        return parent or None

    def _known(self, account: Account, key: str) -> str | None:
        """The id of its status: looked for before anybody judges the text."""
        status_id, forgotten_at = self.keys.get((account.id, key), ("", 0.0))
        return status_id if time.time() < forgotten_at else None

    def _repeated(self, account: Account, key: str) -> Status | None:
        status_id = self._known(account, key)
        if status_id is None:
            return None
        self.world.receipts.repeated("mastodon", status_id)
        return self.statuses[status_id]

    def _add_status(
        self, status_id: str, token: str, created_at: float, key: str, **said: Any
    ) -> Status:
        account, instant = self.accounts[token], datetime.fromtimestamp(created_at, UTC)
        status = Status(id=status_id, account=account, created_at=instant, **said)
        self.statuses[status_id] = status
        self.last_id = max(self.last_id, int(status_id))
        if key:
            self.keys[account.id, key] = status_id, created_at + KEY_KEPT
        return status

    def _acknowledge(
        self, status: Status, key: str, received_at: float, media: list[dict[str, Any]]
    ) -> None:
        self.world.receipts.add(
            Receipt(
                network="mastodon",
                account=status.account.username,
                id=status.id,
                url=status.url,
                text=status.text,
                key=key or None,
                received_at=received_at,
                parent=status.parent,
                media=media,
            )
        )

    def _next_id(self) -> str:
        """A snowflake: milliseconds, then 16 bits; always rising."""
        self.last_id = max(self.last_id + 1, int(time.time() * 1000) << 16)
        return str(self.last_id)

    async def show_status(self, request: Request) -> Response:
        status = self.statuses.get(request.path_params["id"])
        return JSONResponse(status.shown()) if status else error(404, "Record not found")

    async def show_source(self, request: Request) -> Response:
        account = self._caller(request, "read:statuses")
        status = self.statuses.get(request.path_params["id"])
        if status is None or status.account is not account:
            return error(404, "Record not found")
        source = {"id": status.id, "text": status.text, "spoiler_text": status.spoiler_text}
        return JSONResponse(source)

    async def verify_credentials(self, request: Request) -> Response:
        account = self._caller(request, "read:accounts")
        return JSONResponse(account.shown(f"{origin(request)}/mastodon"))

    async def list_statuses(self, request: Request) -> Response:
        self._caller(request, "read:statuses")
        limit = min(int(request.query_params.get("limit", "20")), 40)
        below = int(request.query_params.get("max_id", self.last_id + 1))
        own = [
            status.shown()
            for status in reversed(self.statuses.values())
            if status.account.id == request.path_params["id"] and int(status.id) < below
        ]
        return JSONResponse(own[:limit])

    async def instance(self, request: Request) -> Response:
        statuses = {
            "max_characters": MAXIMUM,
            "max_media_attachments": MOST,
            "characters_reserved_per_url": 23,
        }
        files = {
            "description_limit": DESCRIPTION,
            "supported_mime_types": sorted(PICTURES | FILMS),
            "image_size_limit": PICTURE_BYTES,
            "image_matrix_limit": PICTURE_PIXELS,
            "video_size_limit": FILM_BYTES,
            "video_matrix_limit": FILM_PIXELS,
        }
        return JSONResponse(
            {
                "domain": request.url.netloc,
                "version": "4.4.0",
                "configuration": {"statuses": statuses, "media_attachments": files},
            }
        )

    async def show_page(self, request: Request) -> Response:
        status = self.statuses.get(request.path_params["id"])
        if status is None:
            return error(404, "Record not found")
        return page(f"@{status.account.username}", status.text)


def _decoded(body: bytes, content_type: str) -> dict[str, Any]:
    if content_type.startswith("application/json"):
        decoded = json.loads(body)
        return decoded if isinstance(decoded, dict) else {}
    return dict(parse_qsl(body.decode()))


def _checked(text: str, wish: dict[str, Any], account: Account, *, shows: bool) -> Manner:
    """How it is to appear, if it may: a content warning counts as if it stood before the text."""
    if not text and not shows:
        raise Refusal(error(422, "Validation failed: Text can't be blank"))
    try:
        manner = manner_of(wish)
    except InvalidStatus as problem:
        raise Refusal(error(422, f"Validation failed: {problem}")) from problem
    if graphemes.count(manner.spoiler_text) + count(text) > MAXIMUM:
        words = f"Validation failed: Text character limit of {MAXIMUM} exceeded"
        raise Refusal(error(422, words))
    if not account.posts.take():
        raise Refusal(throttled(account))
    return manner


imitation = Mastodon
