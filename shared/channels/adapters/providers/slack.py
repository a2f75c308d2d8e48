"""Slack: messages of an app's bot in the channels of a workspace.

Sources: docs.slack.dev (OAuth, chat.postMessage, files.*, conversations.*, metadata, rate limits).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.media import MediaRules
from shared.channels.domain.network_answers import before_publishing, malformed, otherwise_malformed
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.oauth_tokens import token_fields
from shared.channels.domain.provider import (
    Account,
    ErrorClass,
    Field,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
)
from shared.channels.domain.server_address import base_url
from shared.channels.domain.slack import oauth
from shared.channels.domain.slack.answers import NOT_IN_CHANNEL, body_of
from shared.channels.domain.slack.calls import address, pages, read
from shared.channels.domain.slack.files import RULES, known_files, share, upload
from shared.channels.domain.slack.message import (
    MAXIMUM,
    SETTINGS,
    channel_of,
    escaped,
    key_in,
    message_of,
    place_of,
    stamp_before,
    thread_of,
)
from shared.channels.domain.slack.oauth import API, account_of
from shared.channels.domain.tools import Tool

_SEND = "chat.postMessage"


class Slack:
    """Publishes with a key in the message's metadata, by which an uncertain one is looked for.

    Files cannot carry metadata. They are uploaded first, told of, and shared then: a message with
    them is known by their ids.

    A thread has one level. A bot may write about once a second to a channel; it is told that it was
    too often, and how long to wait, but never how much is left. Slack shows a text of more than
    4,000 characters as several messages, and cuts one of more than 40,000, which we refuse.
    """

    title = "Slack"
    max_length = MAXIMUM
    counts = "characters; &, < and > count 4 or 5"
    threads = True
    quotas = (Quota(limit=60, period=timedelta(minutes=1)),)
    connect_fields = (
        *token_fields(API, "Bot token of your app (xoxb-…)"),
        Field(name="channel", label="Id of the channel to write to, such as C0123456789"),
    )
    tokens = ()
    recovery: Recovery = "search"
    settings_schema = SETTINGS
    scopes = oauth.SCOPES
    tools: Mapping[str, Tool] = {
        "channels": Tool(title="Channels", description="Channels that the bot can write to")
    }

    def count(self, text: str) -> int:
        return len(escaped(text))

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return RULES

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Ask whose the token is, and whether it sees the channel."""
        credentials = {
            "server": base_url(fields.get("server") or API),
            "access_token": fields["access_token"].strip(),
            "channel": fields["channel"].strip(),
        }
        bot = await read(http, credentials, "auth.test")
        told = await read(http, credentials, "conversations.info", channel=credentials["channel"])
        with otherwise_malformed("Slack's answer about the channel cannot be understood."):
            return account_of(credentials, bot, told["channel"])

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        return oauth.authorization_url(application, authorization)

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> Sequence[Account]:
        return await oauth.exchange(http, application, authorization, code)

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Nothing: the token is the workspace's, and whoever else connected it lives by it too.

        Whoever wants it ended removes the app from the workspace.
        """

    def preview(self, publication: Publication) -> Preview:
        body = message_of(publication, channel_of(publication, "<channel>"))
        return Preview(method="POST", path=f"/api/{_SEND}", body=body)

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        """A bot that is not in the channel yet joins it first; into a private one it is asked."""
        channel = channel_of(publication, credentials["channel"])
        try:
            return await self._publish(http, credentials, publication, channel)
        except Refused as refusal:
            if refusal.code != NOT_IN_CHANNEL:
                raise
        with before_publishing():
            await read(http, credentials, "conversations.join", channel=channel)
        return await self._publish(http, credentials, publication, channel)

    async def _publish(
        self,
        http: Http,
        credentials: Mapping[str, str],
        publication: Publication,
        channel: str,
    ) -> Receipt | Pending:
        if (length := self.count(publication.text)) > MAXIMUM:
            words = f"It counts {length}; Slack would cut what has more than {MAXIMUM}."
            raise Refused(ErrorClass.CONTENT, "CONTENT_TOO_LONG", words)
        if len(publication.attachments) > RULES.max_items:
            words = f"Slack shares {RULES.max_items} files at once."
            raise Refused(ErrorClass.MEDIA, "MEDIA_TOO_MANY", words)
        if publication.attachments:
            if len(known_files(publication.progress)) < len(publication.attachments):
                return await upload(http, credentials, publication)
            shared = await share(http, credentials, publication, channel)
            if isinstance(shared, Pending):
                return shared
            return _receipt(credentials, channel, shared)
        url, message = address(credentials, _SEND), message_of(publication, channel)
        sent = body_of(await http.request("POST", url, headers=bearing(credentials), json=message))
        with otherwise_malformed("Slack answered without the message it sent."):
            return _receipt(credentials, sent["channel"], sent["ts"])

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """Look for a message with that key or, where it has files, with those.

        What is not uploaded is shared by no message, and where the bot is not it has written none.
        A clock of Slack may be a minute behind ours.
        """
        ids = {*known_files(publication.progress)}
        if publication.attachments and not ids:
            return None
        channel = channel_of(publication, credentials["channel"])
        try:
            async for message in _messages_since(http, credentials, publication, channel):
                shared = {each["id"] for each in message.get("files") or ()}
                if ids <= shared if ids else key_in(message) == publication.key:
                    return _receipt(credentials, channel, message["ts"])
        except (AttributeError, KeyError, TypeError) as error:
            raise malformed("Slack's list of messages cannot be understood.") from error
        except Refused as refusal:
            if refusal.code != NOT_IN_CHANNEL:
                raise
        return None

    async def use_tool(
        self,
        http: Http,
        credentials: Mapping[str, str],
        name: str,
        arguments: Mapping[str, Any],
    ) -> Any:
        kinds = {"types": "public_channel,private_channel", "exclude_archived": "true"}
        listed = pages(http, credentials, "conversations.list", "channels", **kinds)
        return [
            {"id": one["id"], "name": one["name"], "is_private": bool(one.get("is_private"))}
            async for one in listed
        ]

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        wanted = {"channel": credentials["channel"], "include_num_members": "true"}
        told = await read(http, credentials, "conversations.info", **wanted)
        return {"members": told["channel"]["num_members"]}

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        channel, stamp = place_of(external_id, credentials["channel"])
        wanted = {"channel": channel, "ts": stamp, "limit": "1"}
        told = await read(http, credentials, "conversations.replies", **wanted)
        message = told["messages"][0]
        reactions = sum(one["count"] for one in message.get("reactions", ()))
        return {"replies": message.get("reply_count", 0), "reactions": reactions}


def _messages_since(
    http: Http, credentials: Mapping[str, str], publication: Publication, channel: str
) -> AsyncIterator[dict[str, Any]]:
    """What was written in the channel, or in the thread, since the first attempt."""
    wanted = {
        "channel": channel,
        "oldest": stamp_before(publication.first_tried_at),
        "include_all_metadata": "true",
    }
    if thread := thread_of(publication):
        method = "conversations.replies"
        return pages(http, credentials, method, "messages", **wanted, ts=thread)
    return pages(http, credentials, "conversations.history", "messages", **wanted)


def _receipt(credentials: Mapping[str, str], channel: str, stamp: str) -> Receipt:
    if not isinstance(channel, str) or not isinstance(stamp, str):
        raise TypeError("a message has a channel and a timestamp")
    place = f"{credentials['site']}/archives/{channel}/p{stamp.replace('.', '')}"
    return Receipt(external_id=f"{channel}/{stamp}", url=place)


provider = Slack()
