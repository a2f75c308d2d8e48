"""Slack's web API and its site, imitated from docs.slack.dev."""

import html
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.imitation import Habits
from tests.simulator.oauth_grants import Grants
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.slack.answers import broken, no, refused, throttled
from tests.simulator.slack.files import File, Files
from tests.simulator.slack.oauth import SlackAuthority
from tests.simulator.world import World, bearer, origin, page

POSTS_ALLOWED = 60
POSTS_WINDOW = 60
MAXIMUM = 40_000
SCOPES = frozenset(
    {
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "metadata.message:read",
    }
)
NEEDED = {
    "auth.test": set(),
    "chat.postMessage": {"chat:write"},
    "conversations.history": {"channels:history"},
    "conversations.info": {"channels:read"},
    "conversations.join": {"channels:join"},
    "conversations.list": {"channels:read"},
    "conversations.replies": {"channels:history"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
}
_JSON = {"chat.postMessage", "files.completeUploadExternal", "conversations.join"}
_FIELDS: dict[str, type] = {
    "channel": str,
    "text": str,
    "metadata": dict,
    "thread_ts": str,
    "unfurl_links": bool,
    "reply_broadcast": bool,
}


@dataclass(kw_only=True)
class Bot:
    """Of an app in a workspace of its own, with a channel it has not joined yet and two others."""

    token: str
    team: str
    name: str
    channels: dict[str, str]
    messages: RateWindow
    scopes: frozenset[str] = SCOPES
    joined: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Slack:
    habits = Habits(tells_rates=False, nests=False)

    world: World
    bots: dict[str, Bot] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    last_stamp: int = 0

    def __post_init__(self) -> None:
        self.files = Files(world=self.world)
        self.authority = SlackAuthority(
            grants=Grants(network="slack", world=self.world, lives=float("inf")),
            scopes=SCOPES,
            open_account=lambda _: self._open().token,
            by_header=False,
            challenges=False,
            rotates=False,
        )
        again: dict[str, Callable[..., object]] = {
            "bot": self._add_bot,
            "message": self._add_message,
            "joined": self._add_joined,
            **self.authority.grants.remembering(),
        }
        for kind, said in self.world.memory.kept("slack"):
            again[kind](**said)

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/v2/authorize", self.authority.authorize),
            Route("/api/oauth.v2.access", self.authority.token, methods=["POST"]),
            Route("/api/{method}", self.call, methods=["POST"]),
            Route("/upload/v1/{ticket}", self.files.upload, methods=["POST"]),
            Route("/archives/{channel}/p{stamp}", self.show_page),
        ]

    def new_account(
        self,
        origin: str,
        *,
        posts_allowed: int = POSTS_ALLOWED,
        without: tuple[str, ...] = (),
    ) -> dict[str, str]:
        """What a person would type who has an app of their own; `without` some scopes."""
        bot = self._open(posts_allowed=posts_allowed, without=without)
        channel = next(iter(bot.channels))
        return {"server": f"{origin}/slack", "access_token": bot.token, "channel": channel}

    def _open(self, *, posts_allowed: int = POSTS_ALLOWED, without: tuple[str, ...] = ()) -> Bot:
        number = len(self.bots) + 1
        said: dict[str, Any] = {
            "token": f"xoxb-{number}-{secrets.token_urlsafe(24)}",
            "team": f"T{secrets.token_hex(5).upper()}",
            "name": f"Workspace {number}",
            "channels": {
                f"C{secrets.token_hex(5).upper()}": name
                for name in (f"general-{number}", "news", "tea")
            },
            "posts_allowed": posts_allowed,
            "scopes": sorted(SCOPES - {*without}),
        }
        self.world.memory.keep("slack", "bot", **said)
        return self._add_bot(**said)

    def _add_bot(self, token: str, posts_allowed: int, scopes: list[str], **said: Any) -> Bot:
        messages = RateWindow(limit=posts_allowed, seconds=POSTS_WINDOW)
        self.bots[token] = Bot(token=token, messages=messages, scopes=frozenset(scopes), **said)
        return self.bots[token]

    def _add_joined(self, token: str, channel: str) -> None:
        self.bots[token].joined.add(channel)

    async def call(self, request: Request) -> Response:
        received_at, method = time.time(), request.path_params["method"]
        if method not in NEEDED:
            raise no("unknown_method")
        bot = self.bots.get(bearer(request))
        if bot is None:
            raise no("invalid_auth" if bearer(request) else "not_authed")
        if missing := NEEDED[method] - bot.scopes:
            raise no("missing_scope", needed=",".join(missing), provided=",".join(bot.scopes))
        wish = await _wish(request, method)
        base = origin(request)
        if method in {"chat.postMessage", "files.completeUploadExternal"}:
            return await self._send(bot, method, wish, received_at, base)
        if method == "files.getUploadURLExternal":
            offered = await self.files.offer(bot.token, wish, base)
            return offered if isinstance(offered, Response) else _ok(**offered)
        if method == "files.info":
            return _ok(**self.files.info(bot.token, wish))
        answer: Callable[..., dict[str, Any]] = {
            "auth.test": self._test,
            "conversations.info": self._info,
            "conversations.join": self._join,
            "conversations.list": self._list,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
        }[method]
        return _ok(**answer(bot, wish, base))

    def _test(self, bot: Bot, _: dict[str, Any], base: str) -> dict[str, Any]:
        return {"url": f"{base}/slack/", "team": bot.name, "team_id": bot.team, "user": "luxaris"}

    def _info(self, bot: Bot, wish: dict[str, Any], _: str) -> dict[str, Any]:
        return {"channel": _shown(bot, _channel(bot, wish.get("channel")))}

    def _join(self, bot: Bot, wish: dict[str, Any], _: str) -> dict[str, Any]:
        channel = _channel(bot, wish.get("channel"))
        self.world.memory.keep("slack", "joined", token=bot.token, channel=channel)
        self._add_joined(bot.token, channel)
        return {"channel": _shown(bot, channel)}

    def _list(self, bot: Bot, wish: dict[str, Any], _: str) -> dict[str, Any]:
        """A page of two at most, whatever is asked for."""
        shown = [_shown(bot, channel) for channel in bot.channels]
        start = int(wish.get("cursor") or 0)
        onwards = str(start + 2) if len(shown) > start + 2 else ""
        page_of = shown[start : start + 2]
        return {"channels": page_of, "response_metadata": {"next_cursor": onwards}}

    def _history(self, bot: Bot, wish: dict[str, Any], _: str) -> dict[str, Any]:
        """What is not in a thread, the newest first."""
        channel = _joined(bot, wish.get("channel"))
        return self._page(
            [
                one
                for one in reversed(self.messages)
                if one["channel"] == channel and not one["thread_ts"]
            ],
            wish,
        )

    def _replies(self, bot: Bot, wish: dict[str, Any], _: str) -> dict[str, Any]:
        """What begins a thread, and what is in it."""
        channel, thread = _joined(bot, wish.get("channel")), wish.get("ts")
        found = [
            one
            for one in self.messages
            if one["channel"] == channel and thread in {one["ts"], one["thread_ts"]}
        ]
        if not found:
            raise no("thread_not_found")
        return self._page([found[0], *reversed(found[1:])], wish)

    def _page(self, found: list[dict[str, Any]], wish: dict[str, Any]) -> dict[str, Any]:
        limit, start = int(wish.get("limit", 100)), int(wish.get("cursor") or 0)
        since = float(wish.get("oldest", 0))
        recent = [one for one in found if float(one["ts"]) > since]
        onwards = str(start + limit) if len(recent) > start + limit else ""
        shown = [_message(one, wish) for one in recent[start : start + limit]]
        return {"messages": shown, "response_metadata": {"next_cursor": onwards}}

    async def _send(
        self, bot: Bot, method: str, wish: dict[str, Any], received_at: float, base: str
    ) -> Response:
        shares = method == "files.completeUploadExternal"
        channel = _joined(bot, wish.get("channel_id" if shares else "channel"))
        text = str(wish.get("initial_comment" if shares else "text", ""))
        fault = self.world.faults.take("slack", text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, bot.messages, bot.token)
        if not bot.messages.take():
            return throttled(bot.messages)
        if shares:
            files = self.files.shared(bot.token, wish)
        else:
            files = []
            _check(wish, text)
        said: dict[str, Any] = {
            "channel": channel,
            "ts": self._next_stamp(),
            "thread_ts": self._thread(channel, wish),
            "text": _read(text),
            "metadata": wish.get("metadata"),
            "files": [one.id for one in files],
            "token": bot.token,
        }
        self.world.memory.keep("slack", "message", **said)
        self._add_message(**said)
        for one in files:
            one.shares[channel] = said["ts"]
        self._acknowledge(bot, said, files, received_at, base)
        if fault:
            return await broken(fault)
        if shares:
            return _ok(files=[{"id": one.id, "title": one.name} for one in files])
        return _ok(channel=channel, ts=said["ts"], message={"text": text})

    def _thread(self, channel: str, wish: dict[str, Any]) -> str | None:
        thread: str | None = wish.get("thread_ts")
        there = {one["ts"] for one in self.messages if one["channel"] == channel}
        if thread is not None and thread not in there:
            raise no("thread_not_found")
        return thread

    def _add_message(self, **said: Any) -> None:
        self.messages.append(said)
        self.last_stamp = max(self.last_stamp, int(said["ts"].replace(".", "")))

    def _acknowledge(
        self, bot: Bot, said: dict[str, Any], files: list[File], received_at: float, base: str
    ) -> None:
        channel, stamp = said["channel"], said["ts"]
        self.world.receipts.add(
            Receipt(
                network="slack",
                account=bot.name,
                id=f"{channel}/{stamp}",
                url=f"{base}/slack/archives/{channel}/p{stamp.replace('.', '')}",
                text=said["text"],
                key=None,
                received_at=received_at,
                parent=f"{channel}/{said['thread_ts']}" if said["thread_ts"] else None,
                media=[one.received() for one in files],
            )
        )

    def _next_stamp(self) -> str:
        """Microseconds since 1970; always rising."""
        self.last_stamp = max(self.last_stamp + 1, int(time.time() * 1_000_000))
        stamp = str(self.last_stamp)
        return f"{stamp[:-6]}.{stamp[-6:]}"

    async def show_page(self, request: Request) -> Response:
        for one in self.messages:
            if one["ts"].replace(".", "") == request.path_params["stamp"]:
                return page("luxaris", one["text"])
        return Response("This message is not here", 404)


async def _wish(request: Request, method: str) -> dict[str, Any]:
    """JSON is taken by what writes alone; of a form all is text."""
    body, kind = await request.body(), request.headers.get("content-type", "")
    if not kind.startswith("application/json"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    if method not in _JSON:
        return {}
    try:
        decoded = json.loads(body)
    except ValueError as problem:
        raise no("invalid_json") from problem
    return decoded if isinstance(decoded, dict) else {}


def _check(wish: dict[str, Any], text: str) -> None:
    for name, value in wish.items():
        if not isinstance(value, _FIELDS.get(name, type(None))):
            raise no("invalid_arguments")
    if not text.strip():
        raise no("no_text")
    if len(text) > MAXIMUM:
        raise no("msg_too_long")
    if "metadata" in wish and wish["metadata"].keys() != {"event_type", "event_payload"}:
        raise no("invalid_metadata_schema")


def _read(text: str) -> str:
    """As people see it; a mark that was not meant as one would be gone."""
    if "<" in text or ">" in text:
        raise no("invalid_arguments")
    return html.unescape(text).strip()


def _channel(bot: Bot, named: object) -> str:
    if named not in bot.channels:
        raise no("channel_not_found")
    return str(named)


def _joined(bot: Bot, named: object) -> str:
    channel = _channel(bot, named)
    if channel not in bot.joined:
        raise no("not_in_channel")
    return channel


def _shown(bot: Bot, channel: str) -> dict[str, Any]:
    return {
        "id": channel,
        "name": bot.channels[channel],
        "is_channel": True,
        "is_private": False,
        "is_member": channel in bot.joined,
        "num_members": 12,
    }


def _message(one: dict[str, Any], wish: dict[str, Any]) -> dict[str, Any]:
    told = {"type": "message", "ts": one["ts"], "text": html.escape(one["text"], quote=False)}
    if one["files"]:
        told["files"] = [{"id": each} for each in one["files"]]
    if one["metadata"] and wish.get("include_all_metadata") == "true":
        told["metadata"] = one["metadata"]
    return {**told, "reply_count": 0, "reactions": [{"name": "tea", "count": 3}]}


def _ok(**told: Any) -> Response:
    return JSONResponse({"ok": True, **told})


imitation = Slack
