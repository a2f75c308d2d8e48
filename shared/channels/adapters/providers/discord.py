"""Discord: messages of a bot in the channels of a server.

Sources: discord.com/developers/docs (OAuth2, create message, get channel messages, uploading files,
rate limits, opcodes and status codes).
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.discord import oauth
from shared.channels.domain.discord.answers import error_of
from shared.channels.domain.discord.message import (
    SETTINGS,
    channel_of,
    message_of,
    parent_of,
    place_of,
    snowflake_before,
)
from shared.channels.domain.media import DocumentRules, ImageRules, MediaRules, VideoRules
from shared.channels.domain.network_answers import (
    allowance_of,
    before_publishing,
    otherwise_malformed,
)
from shared.channels.domain.oauth_tokens import token_fields
from shared.channels.domain.provider import (
    Account,
    ErrorClass,
    Field,
    Http,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
    Unanswered,
)
from shared.channels.domain.reading import read
from shared.channels.domain.server_address import base_url
from shared.channels.domain.tools import Tool

_API = "/api/v10"
_AGENT = "DiscordBot (https://github.com/luxaris/luxaris, 1.0)"
_LARGEST = 10 * 1024 * 1024
_TEXT, _ANNOUNCEMENT = 0, 5
_WRITTEN = frozenset({_TEXT, _ANNOUNCEMENT})
_OFFERED = 50
_PAGE = 100
_PAGES = 10

_MEDIA = MediaRules(
    images=ImageRules(formats=("image/jpeg", "image/png", "image/webp"), max_bytes=_LARGEST),
    animations=ImageRules(formats=("image/gif",), max_bytes=_LARGEST),
    videos=VideoRules(
        formats=("video/mp4", "video/quicktime"),
        max_bytes=_LARGEST,
        max_duration=timedelta(hours=24),
    ),
    documents=DocumentRules(max_bytes=_LARGEST),
    max_images=10,
    max_animations=10,
    max_videos=10,
    max_documents=10,
    max_items=10,
    mixed=True,
    alt_text_length=1024,
)


def _headers(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bot {credentials['access_token']}", "User-Agent": _AGENT}


_get = partial(
    read,
    below=_API,
    headers=_headers,
    error_of=error_of,
    unless="Discord's answer cannot be understood.",
)


class Discord:
    """Publishes with a nonce that Discord is told to enforce.

    For a few minutes it answers a repeat with the message it has made; later the nonce is
    forgotten, and only `find` tells, by the bot's own messages in the channel. A message and its
    files are one call, so that there is nothing to go on from.

    Our bot's token is the application's, which is kept with each account. It may be in servers of
    others, so that no channel is written to or read but those of the server that was connected.

    A bot may write five messages in five seconds to a channel, and fifty calls a second in all.
    Files may be as large as any server takes them, 10 MiB; what a server's boosts add is not used.
    """

    title = "Discord"
    max_length = 2000
    counts = "characters"
    threads = True
    quotas = (Quota(limit=5, period=timedelta(seconds=5)),)
    connect_fields = (
        *token_fields(oauth.SITE, "Token of a bot that is in your server"),
        Field(name="channel", label="Id of the channel to write to"),
    )
    tokens = ()
    recovery: Recovery = "key"
    settings_schema = SETTINGS
    scopes = oauth.SCOPES
    tools: Mapping[str, Tool] = {
        "channels": Tool(
            title="Channels", description="Channels of the server that messages can be written to"
        )
    }

    def count(self, text: str) -> int:
        return len(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return _MEDIA

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Ask who the bot is, and whether it sees the channel."""
        credentials = {
            "server": base_url(fields.get("server") or oauth.SITE),
            "access_token": fields["access_token"].strip(),
            "channel": fields["channel"].strip(),
        }
        bot = await _get(http, credentials, "/users/@me")
        channel = await _get(http, credentials, f"/channels/{credentials['channel']}")
        with otherwise_malformed("Discord's answer about the channel cannot be understood."):
            if channel["type"] not in _WRITTEN or "guild_id" not in channel:
                words = "This is no channel of a server that messages can be written to."
                raise Refused(ErrorClass.CONTENT, "CHANNEL_UNSUITABLE", words)
            guild = await _get(http, credentials, f"/guilds/{channel['guild_id']}")
            return _account(credentials, bot, guild, channel)

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        return oauth.authorization_url(application, authorization)

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> Sequence[Account]:
        """The channels of the server that our bot was added to, fifty of them at most."""
        identifier = await oauth.guild_of(http, application, authorization, code)
        credentials = {
            "server": application.server or oauth.SITE,
            "access_token": application.bot_token,
        }
        bot = await _get(http, credentials, "/users/@me")
        guild = await _get(http, credentials, f"/guilds/{identifier}")
        channels = await _get(http, credentials, f"/guilds/{identifier}/channels")
        with otherwise_malformed("Discord's list of channels cannot be understood."):
            written = [one for one in channels if one["type"] in _WRITTEN]
            return [_account(credentials, bot, guild, one) for one in written[:_OFFERED]]

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Nothing: the bot's token is its owner's, and of all servers that it is in.

        Whoever wants it ended removes the bot from the server.
        """

    def preview(self, publication: Publication) -> Preview:
        path = f"{_API}/channels/{channel_of(publication, '<channel>')}/messages"
        return Preview(method="POST", path=path, body=message_of(publication))

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt:
        channel, message = channel_of(publication, credentials["channel"]), message_of(publication)
        with before_publishing():
            await _demand_own(http, credentials, channel)
        url = f"{credentials['server']}{_API}/channels/{channel}/messages"
        if publication.attachments:
            files = {f"files[{n}]": each for n, each in enumerate(publication.attachments)}
            form = {"payload_json": json.dumps(message)}
            answer = await http.request(
                "POST", url, headers=_headers(credentials), form=form, files=files
            )
        else:
            answer = await http.request("POST", url, headers=_headers(credentials), json=message)
        allowance = allowance_of(answer)
        if answer.status != HTTPStatus.OK:
            error = error_of(answer)
            error.allowance = allowance
            raise error
        with otherwise_malformed("Discord answered without the message it made."):
            return replace(_receipt(answer.json(), credentials), allowance=allowance)

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """Look for a message of the bot that says the same; its nonce is told of no message again.

        A clock of Discord may be a minute behind ours.
        """
        said = publication.text.strip(), parent_of(publication), len(publication.attachments)
        channel = channel_of(publication, credentials["channel"])
        await _demand_own(http, credentials, channel)
        async for message in _messages_since(http, credentials, publication, channel):
            with otherwise_malformed("Discord's list of messages cannot be understood."):
                receipt = _receipt(message, credentials)
                is_own = message["author"]["id"] == credentials["bot"]
                is_meant = is_own and _said(message) == said
            if is_meant and receipt.external_id not in publication.taken:
                return receipt
        return None

    async def use_tool(
        self,
        http: Http,
        credentials: Mapping[str, str],
        name: str,
        arguments: Mapping[str, Any],
    ) -> Any:
        channels = await _get(http, credentials, f"/guilds/{credentials['guild']}/channels")
        return [
            {"id": one["id"], "name": one["name"], "announces": one["type"] == _ANNOUNCEMENT}
            for one in sorted(channels, key=lambda one: one.get("position", 0))
            if one["type"] in _WRITTEN
        ]

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        """How many are in the server, and how many of them are there at this moment."""
        path = f"/guilds/{credentials['guild']}"
        guild = await _get(http, credentials, path, {"with_counts": "true"})
        return {
            "members": guild["approximate_member_count"],
            "members_online": guild["approximate_presence_count"],
        }

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        channel, identifier = place_of(external_id, credentials["channel"])
        await _demand_own(http, credentials, channel)
        message = await _get(http, credentials, f"/channels/{channel}/messages/{identifier}")
        return {"reactions": sum(one["count"] for one in message.get("reactions", ()))}


async def _demand_own(http: Http, credentials: Mapping[str, str], channel: str) -> None:
    """Keep to the server that was connected: a bot may be in those of others, too.

    Raises:
        Refused: class permission; the channel is another server's.
        Unanswered: no trustworthy answer.
    """
    if channel == credentials["channel"]:
        return
    told = await _get(http, credentials, f"/channels/{channel}")
    if not isinstance(told, dict) or str(told.get("guild_id")) != credentials["guild"]:
        words = "This channel is not of the server that is connected."
        raise Refused(ErrorClass.PERMISSION, "CHANNEL_MISSING", words)


async def _messages_since(
    http: Http, credentials: Mapping[str, str], publication: Publication, channel: str
) -> AsyncIterator[dict[str, Any]]:
    """What was written in the channel since the first attempt.

    Raises:
        Unanswered: there is too much to look through.
    """
    path = f"/channels/{channel}/messages"
    after = snowflake_before(publication.first_tried_at)
    for _ in range(_PAGES):
        page = await _get(http, credentials, path, {"after": after, "limit": str(_PAGE)})
        with otherwise_malformed("Discord's list of messages cannot be understood."):
            after = max((str(each["id"]) for each in page), key=int, default=after)
        for message in page:
            yield message
        if len(page) < _PAGE:
            return
    raise Unanswered(ErrorClass.PLATFORM, "TOO_MANY_TO_SEARCH", "Too many messages since then.")


def _said(message: Mapping[str, Any]) -> tuple[str, str | None, int]:
    reference = message.get("message_reference") or {}
    return message["content"].strip(), reference.get("message_id"), len(message["attachments"])


def _account(
    credentials: Mapping[str, str],
    bot: Mapping[str, Any],
    guild: Mapping[str, Any],
    channel: Mapping[str, Any],
) -> Account:
    """A channel, as what is published to."""
    return Account(
        external_id=str(channel["id"]),
        username=f"#{channel['name']}",
        display_name=f"#{channel['name']}, {guild['name']}",
        url=f"{credentials['server']}/channels/{guild['id']}/{channel['id']}",
        avatar_url=_icon(guild),
        credentials={
            **credentials,
            "channel": str(channel["id"]),
            "guild": str(guild["id"]),
            "bot": str(bot["id"]),
        },
        kind="organization",
        renewable=False,
    )


def _icon(guild: Mapping[str, Any]) -> str | None:
    icon = guild.get("icon")
    return f"https://cdn.discordapp.com/icons/{guild['id']}/{icon}.png" if icon else None


def _receipt(message: Mapping[str, Any], credentials: Mapping[str, str]) -> Receipt:
    identifier, channel = message["id"], message["channel_id"]
    if not isinstance(identifier, str) or not isinstance(channel, str):
        raise TypeError("a message has an id, and a channel")
    return Receipt(
        external_id=f"{channel}/{identifier}",
        url=f"{credentials['server']}/channels/{credentials['guild']}/{channel}/{identifier}",
    )


provider = Discord()
