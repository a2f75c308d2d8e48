"""Telegram's Bot API and its site, imitated from core.telegram.org/bots/api."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.imitation import Habits
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.telegram.answers import bad, broken, error, refused, throttled
from tests.simulator.telegram.sending import METHODS, Sent, sent_of
from tests.simulator.world import World, origin, page

POSTS_ALLOWED = 20
POSTS_WINDOW = 60


@dataclass(kw_only=True)
class Chat:
    """A channel, with the bot that may write to it unless it only reads."""

    id: int
    username: str
    token: str
    messages: RateWindow
    writes: bool = True


@dataclass(kw_only=True)
class Telegram:
    habits = Habits(tells_rates=False)

    world: World
    chats: dict[str, Chat] = field(default_factory=dict)
    messages: dict[tuple[int, int], str] = field(default_factory=dict)
    last_id: int = 100_000

    def __post_init__(self) -> None:
        again: dict[str, Callable[..., object]] = {
            "chat": self._add_chat,
            "message": self._add_message,
        }
        for kind, said in self.world.memory.kept("telegram"):
            again[kind](**said)

    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/{method}", self.call, methods=["POST"]),
            Route("/{username}/{id}", self.show_page),
            Route("/c/{chat}/{id}", self.show_page),
        ]

    def new_account(
        self,
        origin: str,
        *,
        posts_allowed: int = POSTS_ALLOWED,
        writes: bool = True,
        public: bool = True,
    ) -> dict[str, str]:
        """What a person would type who has a bot in a channel of theirs."""
        number = len(self.chats) + 1
        said: dict[str, Any] = {
            "chat_id": -1_001_000_000_000 - number,
            "username": f"channel{number}" if public else "",
            "token": f"{7_000_000_000 + number}:{secrets.token_urlsafe(26)}",
            "posts_allowed": posts_allowed,
            "writes": writes,
        }
        self.world.memory.keep("telegram", "chat", **said)
        self._add_chat(**said)
        chat = f"@{said['username']}" if public else str(said["chat_id"])
        return {"server": f"{origin}/telegram", "bot_token": said["token"], "chat": chat}

    def _add_chat(self, chat_id: int, token: str, posts_allowed: int, **said: Any) -> None:
        messages = RateWindow(limit=posts_allowed, seconds=POSTS_WINDOW)
        self.chats[token] = Chat(id=chat_id, token=token, messages=messages, **said)

    async def call(self, request: Request) -> Response:
        received_at = time.time()
        token, method = (request.path_params[name] for name in ("token", "method"))
        if token not in self.chats:
            return error(401, "Unauthorized") if ":" in token else error(404, "Not Found")
        chat, wish = self.chats[token], await _wish(request)
        if method in METHODS:
            return await self._send(chat, method, wish, received_at, origin(request))
        answers: dict[str, Callable[[Chat, dict[str, Any]], Any]] = {
            "getMe": self._me,
            "getChat": self._chat,
            "getChatMember": self._member,
            "getChatMemberCount": lambda *_: 42,
        }
        if method not in answers:
            return error(404, "Not Found: method not found")
        return JSONResponse({"ok": True, "result": answers[method](chat, wish)})

    def _me(self, chat: Chat, _: dict[str, Any]) -> dict[str, Any]:
        identifier = int(chat.token.partition(":")[0])
        return {"id": identifier, "is_bot": True, "first_name": "Luxaris", "username": "LuxarisBot"}

    def _chat(self, chat: Chat, wish: dict[str, Any]) -> dict[str, Any]:
        self._demand(chat, wish)
        told = {"id": chat.id, "type": "channel", "title": f"Channel {-chat.id % 1000}"}
        return {**told, **({"username": chat.username} if chat.username else {})}

    def _member(self, chat: Chat, wish: dict[str, Any]) -> dict[str, Any]:
        self._demand(chat, wish)
        if wish.get("user_id") != self._me(chat, {})["id"]:
            raise bad("user not found")
        return {"status": "administrator", "can_post_messages": chat.writes}

    def _demand(self, chat: Chat, wish: dict[str, Any]) -> None:
        if str(wish.get("chat_id")) not in {str(chat.id), f"@{chat.username or ' '}"}:
            raise bad("chat not found")

    async def _send(
        self, chat: Chat, method: str, wish: dict[str, Any], received_at: float, base: str
    ) -> Response:
        fault = self.world.faults.take("telegram", str(wish.get("text") or wish.get("caption")))
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, chat.messages, chat.token)
        if not chat.messages.take():
            return throttled(chat.messages)
        self._demand(chat, wish)
        if not chat.writes:
            raise bad("need administrator rights in the channel chat")
        sent = sent_of(method, wish)
        parent = self._parent(chat, sent)
        ids = [self._next_id() for _ in range(max(1, len(sent.files)))]
        said: dict[str, Any] = {"chat_id": chat.id, "ids": ids, "text": sent.text}
        self.world.memory.keep("telegram", "message", **said)
        self._add_message(**said)
        place = chat.username or f"c/{str(chat.id).removeprefix('-100')}"
        self.world.receipts.add(
            Receipt(
                network="telegram",
                account=chat.username or str(chat.id),
                id=str(ids[0]),
                url=f"{base}/telegram/{place}/{ids[0]}",
                text=sent.text,
                key=None,
                received_at=received_at,
                parent=str(parent) if parent else None,
                media=[file.received() for file in sent.files],
            )
        )
        if fault:
            return await broken(fault)
        shown = [{"message_id": each, "date": int(time.time())} for each in ids]
        return JSONResponse(
            {"ok": True, "result": shown if method == "sendMediaGroup" else shown[0]}
        )

    def _parent(self, chat: Chat, sent: Sent) -> int | None:
        if sent.parent is not None and (chat.id, sent.parent) not in self.messages:
            raise bad("message to be replied not found")
        return sent.parent

    def _add_message(self, chat_id: int, ids: list[int], text: str) -> None:
        for each in ids:
            self.messages[chat_id, each] = text
        self.last_id = max(self.last_id, *ids)

    def _next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    async def show_page(self, request: Request) -> Response:
        identifier = request.path_params["id"]
        for (_, number), text in self.messages.items():
            if str(number) == identifier:
                return page("Channel", text)
        return Response("There is no such message", 404)


async def _wish(request: Request) -> dict[str, Any]:
    """The fields; what is JSON in a form is decoded, and files are their bytes."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        try:
            decoded = json.loads(await request.body() or b"{}")
        except ValueError as problem:
            raise bad("can't parse the request") from problem
        return decoded if isinstance(decoded, dict) else {}
    async with request.form() as form:
        return {
            name: _decoded(value) if isinstance(value, str) else await value.read()
            for name, value in form.multi_items()
        }


def _decoded(value: str) -> Any:
    """Of a form all is text; what is no JSON of a kind that is not text stays as it is."""
    if value[:1] in "{[" or value in {"true", "false"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


imitation = Telegram
