"""Telegram: messages of a bot in a channel, a group or a talk.

Sources: core.telegram.org/bots/api and core.telegram.org/bots/faq (limits).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.channels.domain.media import MediaRules
from shared.channels.domain.network_answers import malformed, otherwise_malformed
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
from shared.channels.domain.server_address import base_url
from shared.channels.domain.telegram.answers import result_of
from shared.channels.domain.telegram.message import (
    CAPTION,
    MAXIMUM,
    MEDIA,
    SETTINGS,
    call_of,
    text_length,
)

_API = "https://api.telegram.org"
_SITE = "https://t.me"
_PRIVATE = "-100"
"""How the ids of channels and of groups with many members begin; links have what follows."""
_TOO_LONG = "is too long"


class Telegram:
    """Publishes without an idempotency key and cannot look: an uncertain ending stays uncertain.

    A bot is told of no message that it has sent itself, and cannot read a chat. A message and its
    files are one call. Beside files a text may have 1,024 characters, which is not foreseen: such a
    post is refused when it is due.

    A bot may write once a second to a chat, and twenty times a minute to a group; it is told that
    it was too often, and how long to wait, but never how much is left.
    """

    title = "Telegram"
    max_length = MAXIMUM
    counts = f"characters, most emoji as 2 or more; {CAPTION:,} beside files"
    threads = True
    quotas = (Quota(limit=20, period=timedelta(minutes=1)),)
    connect_fields = (
        Field(name="server", label="Address of the Bot API", default=_API),
        Field(name="bot_token", label="Token of a bot, from @BotFather", secret=True),
        Field(name="chat", label="Channel or group that the bot may write to, such as @news"),
    )
    tokens = ()
    recovery: Recovery = "none"
    settings_schema = SETTINGS

    def count(self, text: str) -> int:
        return text_length(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return MEDIA

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Ask who the bot is, and what it may do in the chat."""
        typed = fields.get("chat_id") or fields["chat"]
        credentials = {
            "server": base_url(fields.get("server") or _API),
            "bot_token": fields["bot_token"].strip(),
            "chat": typed.strip(),
        }
        bot = await _ask(http, credentials, "getMe", {})
        chat = await _ask(http, credentials, "getChat", {"chat_id": credentials["chat"]})
        with otherwise_malformed("Telegram's answer about the chat cannot be understood."):
            identifier, username = str(chat["id"]), str(chat.get("username") or "")
            in_chat = {"chat_id": identifier, "user_id": bot["id"]}
            if chat["type"] != "private":
                _demand_rights(await _ask(http, credentials, "getChatMember", in_chat), chat)
            named = {**credentials, "chat": typed.strip(), "chat_id": identifier}
            name = str(chat.get("title") or chat.get("first_name") or username)
            return Account(
                external_id=identifier,
                username=f"@{username}" if username else name,
                display_name=name,
                url=_place(named["server"], identifier, username),
                avatar_url=None,
                credentials={**named, "username": username},
                kind="person" if chat["type"] == "private" else "organization",
            )

    def preview(self, publication: Publication) -> Preview:
        call = call_of(publication, "<chat>")
        return Preview(method="POST", path=f"/bot<token>/{call.method}", body=call.body)

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt:
        call = call_of(publication, credentials["chat_id"])
        url = _address(credentials, call.method)
        if call.files:
            answer = await http.request("POST", url, form=call.form, files=call.files)
        else:
            answer = await http.request("POST", url, json=call.body)
        try:
            sent = result_of(answer)
        except Refused as refusal:
            if _TOO_LONG in refusal.words:
                refusal.words += f": {MAXIMUM} characters are allowed, {CAPTION} beside files"
            raise
        with otherwise_malformed("Telegram answered without the message it sent."):
            first = sent[0] if isinstance(sent, list) else sent
            identifier = first["message_id"]
        if not isinstance(identifier, int):
            raise malformed("Telegram answered with an id that is none.")
        place = _place(credentials["server"], credentials["chat_id"], credentials["username"])
        return Receipt(external_id=str(identifier), url=f"{place}/{identifier}")

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """It cannot be found out."""
        words = "Telegram lets no bot look for what it has sent."
        raise Unanswered(ErrorClass.UNKNOWN, "NOT_SEARCHABLE", words)

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        in_chat = {"chat_id": credentials["chat_id"]}
        return {"members": await _ask(http, credentials, "getChatMemberCount", in_chat)}

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        """Nothing: a bot is told of no views."""
        return {}


def _demand_rights(member: Mapping[str, Any], chat: Mapping[str, Any]) -> None:
    """A channel is written to by its administrators, a group by whoever is in it.

    Raises:
        Refused: class permission; the bot may not write there.
    """
    status = member["status"]
    is_gone = status in {"left", "kicked"}
    is_mute = status == "restricted" and not member.get("can_send_messages", False)
    is_reader = chat["type"] == "channel" and not (
        status == "creator" or (status == "administrator" and member.get("can_post_messages"))
    )
    if is_gone or is_mute or is_reader:
        words = "The bot may not write there: make it a member or, of a channel, an administrator."
        raise Refused(ErrorClass.PERMISSION, "NOT_PERMITTED", words)


async def _ask(
    http: Http, credentials: Mapping[str, str], method: str, body: Mapping[str, Any]
) -> Any:
    """Read.

    Raises:
        Refused, Unanswered: of any answer but a success.
    """
    return result_of(await http.request("POST", _address(credentials, method), json=body))


def _address(credentials: Mapping[str, str], method: str) -> str:
    return f"{credentials['server']}/bot{credentials['bot_token']}/{method}"


def _place(server: str, chat: str, username: str) -> str:
    """Where people see the chat: beside the API, or where what stands in for it is."""
    site = _SITE if server == _API else server
    return f"{site}/{username}" if username else f"{site}/c/{chat.removeprefix(_PRIVATE)}"


provider = Telegram()
