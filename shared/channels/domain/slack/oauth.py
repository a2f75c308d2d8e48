"""Adding the app to a workspace by consent (docs.slack.dev: installing with OAuth, v2)."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.network_answers import otherwise_malformed
from shared.channels.domain.oauth_server import OAuthServer
from shared.channels.domain.oauth_tokens import registered, tokens_of
from shared.channels.domain.provider import Account, Http
from shared.channels.domain.slack.answers import body_of
from shared.channels.domain.slack.calls import address, pages, read

API = "https://slack.com"
SCOPES = (
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "metadata.message:read",
)
_SERVER = OAuthServer(
    site=API,
    api=API,
    asks_at="/oauth/v2/authorize",
    gives_at="/api/oauth.v2.access",
    scopes=SCOPES,
    lives=None,
    by_header=False,
    challenges=False,
    between=",",
)
_OFFERED = 50


def authorization_url(application: Application, authorization: Authorization) -> str:
    return _SERVER.authorization_url(application, authorization)


async def exchange(
    http: Http, application: Application, authorization: Authorization, code: str
) -> Sequence[Account]:
    """The channels of the workspace, fifty of them at most; a setting names any other.

    Raises:
        Refused, Unanswered: as `tokens_of` does.
    """
    server, client = application.server or API, registered(application)
    form = {
        "code": code,
        "redirect_uri": authorization.redirect_uri,
        "client_id": client.id,
        "client_secret": client.secret,
    }
    url = address({"server": server}, "oauth.v2.access")
    answer = await http.request("POST", url, form=form)
    body_of(answer)
    token = tokens_of(answer, client=client, lives=None, scopes=SCOPES)["access_token"]
    credentials = {"server": server, "access_token": token}
    bot = await read(http, credentials, "auth.test")
    kinds = {"types": "public_channel,private_channel", "exclude_archived": "true"}
    listed = [
        one async for one in pages(http, credentials, "conversations.list", "channels", **kinds)
    ]
    with otherwise_malformed("Slack's list of channels cannot be understood."):
        there = sorted(listed, key=lambda one: (not one.get("is_member"), str(one["name"])))
        return [account_of(credentials, bot, one) for one in islice(there, _OFFERED)]


def account_of(credentials: dict[str, str], bot: dict[str, Any], channel: Any) -> Account:
    """A channel, as whoever publishes there."""
    site = str(bot["url"]).rstrip("/")
    return Account(
        external_id=f"{bot['team_id']}/{channel['id']}",
        username=f"#{channel['name']}",
        display_name=f"#{channel['name']}, {bot['team']}",
        url=f"{site}/archives/{channel['id']}",
        avatar_url=None,
        credentials={**credentials, "channel": str(channel["id"]), "site": site},
        kind="organization",
        renewable=False,
    )
