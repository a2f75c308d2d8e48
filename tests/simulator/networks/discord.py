"""Discord's API and site, imitated from discord.com/developers/docs."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.discord.answers import (
    broken,
    error,
    invalid,
    rate_headers,
    refused,
    throttled,
)
from tests.simulator.discord.messages import Message, check, snowflake, wish_of
from tests.simulator.discord.oauth import DiscordAuthority
from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.oauth_grants import Grants
from tests.simulator.rate_windows import RateWindow
from tests.simulator.receipts import Receipt
from tests.simulator.world import Refusal, World, origin, page

POSTS_ALLOWED = 5
POSTS_WINDOW = 5
NONCE_KEPT = 300.0
API = "/api/v10"


@dataclass(frozen=True, kw_only=True)
class Guild:
    """A server, where a bot sees two channels to write to and one for talks."""

    id: str
    name: str
    channels: dict[str, str]


@dataclass(kw_only=True)
class Bot:
    id: str
    token: str
    messages: RateWindow
    guilds: dict[str, Guild] = field(default_factory=dict)

    def guild_of(self, channel: str) -> Guild | None:
        return next((one for one in self.guilds.values() if channel in one.channels), None)


@dataclass(kw_only=True)
class Discord:
    world: World
    bots: dict[str, Bot] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    nonces: dict[tuple[str, str], Message] = field(default_factory=dict)
    last_id: int = 0

    def __post_init__(self) -> None:
        self.authority = DiscordAuthority(
            grants=Grants(network="discord", world=self.world, lives=7 * 86_400.0),
            scopes=frozenset({"bot", "identify"}),
            open_account=lambda _: "",
            by_header=False,
            challenges=False,
            rotates=False,
            new_bot=lambda: self._open_bot().token,
            join=lambda token: self._open_guild(token).id,
        )
        again: dict[str, Callable[..., object]] = {
            **self.authority.remembering(),
            "bot": self._add_bot,
            "guild": self._add_guild,
            "message": self._add_message,
        }
        for kind, said in self.world.memory.kept("discord"):
            again[kind](**said)

    def routes(self) -> list[Route]:
        channel = f"{API}/channels/{{channel}}"
        return [
            Route("/oauth2/authorize", self.authority.authorize),
            Route("/api/oauth2/token", self.authority.token, methods=["POST"]),
            Route(f"{API}/users/@me", self.show_bot),
            Route(f"{API}/guilds/{{guild}}", self.show_guild),
            Route(f"{API}/guilds/{{guild}}/channels", self.list_channels),
            Route(channel, self.show_channel),
            Route(f"{channel}/messages", self.create_message, methods=["POST"]),
            Route(f"{channel}/messages", self.list_messages),
            Route(f"{channel}/messages/{{id}}", self.show_message),
            Route("/channels/{guild}/{channel}/{id}", self.show_page),
        ]

    def new_account(self, origin: str, *, posts_allowed: int = POSTS_ALLOWED) -> dict[str, str]:
        """What a person would type who has a bot of their own."""
        bot = self._open_bot(posts_allowed)
        guild = self._open_guild(bot.token)
        return {
            "server": f"{origin}/discord",
            "access_token": bot.token,
            "channel": next(iter(guild.channels)),
        }

    def _open_bot(self, posts_allowed: int = POSTS_ALLOWED) -> Bot:
        said: dict[str, Any] = {
            "bot_id": self._next_id(),
            "token": f"{secrets.token_urlsafe(18)}.{secrets.token_urlsafe(5)}.{len(self.bots)}",
            "posts_allowed": posts_allowed,
        }
        self.world.memory.keep("discord", "bot", **said)
        return self._add_bot(**said)

    def _add_bot(self, bot_id: str, token: str, posts_allowed: int) -> Bot:
        messages = RateWindow(limit=posts_allowed, seconds=POSTS_WINDOW)
        self.bots[token] = Bot(id=bot_id, token=token, messages=messages)
        self.last_id = max(self.last_id, int(bot_id))
        return self.bots[token]

    def _open_guild(self, token: str) -> Guild:
        """One more, with the bot in it."""
        number = 1 + sum(len(bot.guilds) for bot in self.bots.values())
        names = (f"general-{number}", "news", "Talks")
        said: dict[str, Any] = {
            "token": token,
            "guild_id": self._next_id(),
            "name": f"Server {number}",
            "channels": {self._next_id(): name for name in names},
        }
        self.world.memory.keep("discord", "guild", **said)
        return self._add_guild(**said)

    def _add_guild(self, token: str, guild_id: str, name: str, channels: dict[str, str]) -> Guild:
        guild = Guild(id=guild_id, name=name, channels=channels)
        self.bots[token].guilds[guild_id] = guild
        self.last_id = max(self.last_id, *map(int, channels))
        return guild

    async def create_message(self, request: Request) -> Response:
        received_at = time.time()
        bot, channel = self._writer(request)
        wish, files = await wish_of(request)
        text = str(wish.get("content", "")).strip()
        fault = self.world.faults.take("discord", text)
        if fault and fault.kind not in AFTER_ACCEPTING:
            return refused(fault, bot.messages, bot.token)
        if not bot.messages.take():
            return throttled(bot.messages)
        described = check(wish, files)
        parent = self._parent(wish, channel)
        message = self._repeated(bot, wish)
        if message is None:
            said: dict[str, Any] = {
                "message_id": self._next_id(),
                "channel_id": channel,
                "author_id": bot.id,
                "text": text,
                "nonce": wish.get("nonce", ""),
                "created_at": time.time(),
                "parent": parent,
                "media": [
                    file.received(words) for file, words in zip(files, described, strict=True)
                ],
            }
            self.world.memory.keep("discord", "message", **said)
            message = self._add_message(**said)
            self._acknowledge(message, bot, received_at, origin(request))
        if fault:
            return await broken(fault)
        told = {**message.shown(), "nonce": message.nonce}
        return JSONResponse(told, headers=rate_headers(bot.messages))

    def _caller(self, request: Request) -> Bot:
        """Whoever does not say which program it is, is kept out before anything else."""
        if not request.headers.get("user-agent", "").startswith("DiscordBot ("):
            raise Refusal(Response("error code: 1010", 403))
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bot" or token not in self.bots:
            raise Refusal(error(401, 0, "401: Unauthorized"))
        return self.bots[token]

    def _writer(self, request: Request) -> tuple[Bot, str]:
        bot, channel = self._caller(request), request.path_params["channel"]
        if not any(one.guild_of(channel) for one in self.bots.values()):
            raise Refusal(error(404, 10003, "Unknown Channel"))
        if bot.guild_of(channel) is None:
            raise Refusal(error(403, 50001, "Missing Access"))
        return bot, channel

    def _parent(self, wish: dict[str, Any], channel: str) -> str | None:
        if "message_reference" not in wish:
            return None
        parent = str(wish["message_reference"].get("message_id"))
        if parent not in self.messages or self.messages[parent].channel_id != channel:
            code = "REPLIES_UNKNOWN_MESSAGE"
            raise Refusal(invalid("message_reference", code, "Unknown message"))
        return parent

    def _repeated(self, bot: Bot, wish: dict[str, Any]) -> Message | None:
        message = self.nonces.get((bot.id, wish.get("nonce", "")))
        if message is None or not wish.get("enforce_nonce"):
            return None
        if time.time() > message.created_at + NONCE_KEPT:
            return None
        self.world.receipts.repeated("discord", f"{message.channel_id}/{message.id}")
        return message

    def _add_message(self, message_id: str, **said: Any) -> Message:
        message = Message(id=message_id, **said)
        self.messages[message_id] = message
        self.last_id = max(self.last_id, int(message_id))
        if message.nonce:
            self.nonces[message.author_id, message.nonce] = message
        return message

    def _acknowledge(self, message: Message, bot: Bot, received_at: float, base: str) -> None:
        place, guild = f"{message.channel_id}/{message.id}", bot.guild_of(message.channel_id)
        assert guild
        self.world.receipts.add(
            Receipt(
                network="discord",
                account=guild.name,
                id=place,
                url=f"{base}/discord/channels/{guild.id}/{place}",
                text=message.text,
                key=message.nonce or None,
                received_at=received_at,
                parent=f"{message.channel_id}/{message.parent}" if message.parent else None,
                media=message.media,
            )
        )

    def _next_id(self) -> str:
        self.last_id = snowflake(self.last_id)
        return str(self.last_id)

    async def show_bot(self, request: Request) -> Response:
        bot = self._caller(request)
        return JSONResponse({"id": bot.id, "username": "luxaris", "bot": True})

    def _guild(self, request: Request) -> Guild:
        guild = self._caller(request).guilds.get(request.path_params["guild"])
        if guild is None:
            raise Refusal(error(404, 10004, "Unknown Guild"))
        return guild

    async def show_guild(self, request: Request) -> Response:
        guild = self._guild(request)
        told: dict[str, Any] = {"id": guild.id, "name": guild.name, "icon": None}
        if request.query_params.get("with_counts") == "true":
            told |= {"approximate_member_count": 120, "approximate_presence_count": 7}
        return JSONResponse(told)

    async def show_channel(self, request: Request) -> Response:
        bot, channel = self._writer(request)
        guild = bot.guild_of(channel)
        assert guild
        return JSONResponse(_shown(guild, channel))

    async def list_channels(self, request: Request) -> Response:
        guild = self._guild(request)
        return JSONResponse([_shown(guild, channel) for channel in guild.channels])

    async def list_messages(self, request: Request) -> Response:
        """Those nearest to `after`, the newest of them first."""
        _, channel = self._writer(request)
        limit, after = (int(request.query_params.get(name, "0")) for name in ("limit", "after"))
        if not 1 <= limit <= 100:
            return invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
        found = [
            message.shown()
            for message in self.messages.values()
            if message.channel_id == channel and int(message.id) > after
        ]
        return JSONResponse(found[:limit][::-1])

    async def show_message(self, request: Request) -> Response:
        _, channel = self._writer(request)
        message = self.messages.get(request.path_params["id"])
        if message is None or message.channel_id != channel:
            return error(404, 10008, "Unknown Message")
        return JSONResponse(message.shown())

    async def show_page(self, request: Request) -> Response:
        message = self.messages.get(request.path_params["id"])
        if message is None:
            return Response("You find yourself in a strange place", 404)
        return page("luxaris", message.text)


def _shown(guild: Guild, channel: str) -> dict[str, Any]:
    position = list(guild.channels).index(channel)
    kind = (0, 5, 2)[position]
    return {
        "id": channel,
        "guild_id": guild.id,
        "name": guild.channels[channel],
        "type": kind,
        "position": position,
    }


imitation = Discord
