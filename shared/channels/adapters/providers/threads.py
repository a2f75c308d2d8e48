"""Threads: words, pictures, films and carousels, and posts that reply to each other.

Sources: developers.facebook.com (Threads API: access tokens and permissions, posts, reply
management, location tagging, rate limits, insights, troubleshooting).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.media import MediaRules
from shared.channels.domain.meta.answers import said
from shared.channels.domain.meta.containers import Containers
from shared.channels.domain.meta.graph import Graph
from shared.channels.domain.meta.insights import metrics_of
from shared.channels.domain.meta.login import demand_scopes, token_of
from shared.channels.domain.meta.places import LOCATIONS
from shared.channels.domain.network_answers import before_publishing, malformed, otherwise_malformed
from shared.channels.domain.oauth_server import OAuthServer, bearing
from shared.channels.domain.oauth_tokens import expiry_of, token_fields
from shared.channels.domain.provider import (
    Account,
    Answer,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
)
from shared.channels.domain.renewal import Renewal
from shared.channels.domain.text_bounds import TextProblem, exceeded
from shared.channels.domain.threads.places import places
from shared.channels.domain.threads.post import MEDIA, SETTINGS, container_of, items_of
from shared.channels.domain.threads.text import BOUNDS, MAXIMUM, post_length, with_link
from shared.channels.domain.tools import Tool

_API = "https://graph.threads.net"
_VERSION = "v1.0"
_SCOPES = (
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
    "threads_location_tagging",
    "threads_manage_insights",
)
_GIVEN_TO_FEW = frozenset({"threads_location_tagging"})
"""Accounts are connected without them as well."""
_NEEDED = tuple(scope for scope in _SCOPES if scope not in _GIVEN_TO_FEW)
_LIFE = timedelta(days=60)
_LOGIN = OAuthServer(
    site="https://www.threads.com",
    api=_API,
    asks_at="/oauth/authorize",
    gives_at="/oauth/access_token",
    scopes=_SCOPES,
    lives=_LIFE,
    by_header=False,
    challenges=False,
)
_GRAPH = Graph(version=_VERSION, renewable=True)
_CONTAINERS = Containers(
    graph=_GRAPH,
    made_at="threads",
    listed_at="threads",
    published_at="threads_publish",
    status="status",
    reason="error_message",
    limit="threads_publishing_limit",
    usage="quota_usage",
    config="config",
    words="text",
)
_REPLIES = replace(
    _CONTAINERS, listed_at="replies", usage="reply_quota_usage", config="reply_config"
)


class Threads:
    """Publishes containers; each can be published once, so that its id is the key.

    An account may publish 250 posts and 1,000 replies in twenty-four hours; it is asked what is
    left of them before anything is made, and again before it is published.

    A token lives sixty days, and is exchanged for another while it is good and a day old at least;
    the old one stays good until its end, so a lost answer costs nothing. What has expired cannot
    be renewed. Nothing takes a token back.
    """

    title = "Threads"
    max_length = MAXIMUM
    counts = "characters; an emoji counts its bytes, 4 or more"
    threads = True
    quotas = (Quota(limit=250, period=timedelta(days=1)),)
    connect_fields = token_fields(_API, "Long-lived access token")
    tokens = ("access_token",)
    recovery: Recovery = "key"
    settings_schema = SETTINGS
    scopes = _SCOPES
    tools: Mapping[str, Tool] = {"locations": LOCATIONS}

    def count(self, text: str) -> int:
        return post_length(text)

    def text_problems(
        self, text: str, settings: Mapping[str, Any], *, replies: bool
    ) -> Sequence[TextProblem]:
        return [*exceeded(self.title, with_link(text, settings, replies=replies), BOUNDS)]

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return MEDIA

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        return _LOGIN.authorization_url(application, authorization)

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> Sequence[Account]:
        """A code becomes a token of an hour, and that one of sixty days."""
        server = application.server or _API
        form = {
            "client_id": application.client_id,
            "client_secret": application.client_secret,
            "grant_type": "authorization_code",
            "redirect_uri": authorization.redirect_uri,
            "code": code,
        }
        brief = await token_of(http, f"{server}/oauth/access_token", form)
        shown = await _GRAPH.read(
            http, {"server": server, "access_token": brief}, "debug_token", input_token=brief
        )
        demand_scopes((shown.get("data") or {}).get("scopes"), _NEEDED)
        answer = await http.request(
            "GET",
            f"{server}/access_token",
            params={
                "grant_type": "th_exchange_token",
                "client_secret": application.client_secret,
                "access_token": brief,
            },
        )
        return [await _account(http, {"server": server, **_lasting(answer)})]

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        return await _account(http, _LOGIN.typed(fields))

    async def refresh(self, http: Http, credentials: Mapping[str, str]) -> Renewal:
        token = credentials["access_token"]
        answer = await http.request(
            "GET",
            f"{credentials['server']}/refresh_access_token",
            params={"grant_type": "th_refresh_token", "access_token": token},
        )
        given = _lasting(answer)
        return Renewal(
            credentials={**credentials, **given},
            expires_at=expiry_of(given, otherwise=answer.received_at + _LIFE),
        )

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Nothing: only a person takes permissions back, among the settings of Threads."""

    def preview(self, publication: Publication) -> Preview:
        items = [f"<file {number}>" for number, _ in enumerate(publication.attachments, start=1)]
        parent = publication.reply_to.parent_id if publication.reply_to else ""
        body = container_of(publication, items, parent)
        return Preview(method="POST", path=f"/{_VERSION}/<account>/threads", body=body)

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        with before_publishing():
            reply_to = await _parent(http, credentials, publication)
        return await _way(publication).publish(
            http,
            credentials,
            publication,
            items=items_of(publication),
            whole=lambda children: container_of(publication, children, reply_to),
            parent=reply_to,
        )

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        parent = await _parent(http, credentials, publication)
        return await _way(publication).find(http, credentials, publication, parent=parent)

    async def use_tool(
        self, http: Http, credentials: Mapping[str, str], name: str, arguments: Mapping[str, Any]
    ) -> Any:
        return await places(_GRAPH, http, credentials, str(arguments["query"]))

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        asked = "views,likes,replies,reposts,quotes,clicks,followers_count"
        path = f"{credentials['account_id']}/threads_insights"
        counted = metrics_of(await _GRAPH.read(http, credentials, path, metric=asked))
        followers = counted.pop("followers_count", None)
        return counted if followers is None else {**counted, "followers": followers}

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        identifier = await _identified(http, credentials, external_id)
        asked = "views,likes,replies,reposts,quotes,shares"
        path = f"{identifier}/insights"
        return metrics_of(await _GRAPH.read(http, credentials, path, metric=asked))


def _way(publication: Publication) -> Containers:
    """Replies are in a list of their own, and counted for themselves."""
    return _REPLIES if publication.reply_to else _CONTAINERS


def _lasting(answer: Answer) -> dict[str, str]:
    """The token given and its end; the shape is the same for each that is exchanged."""
    given = said(answer)
    token, seconds = given.get("access_token"), given.get("expires_in")
    if seconds is None:
        seconds = _LIFE.total_seconds()
    is_life = isinstance(seconds, int | float) and 0 < seconds <= 2 * _LIFE.total_seconds()
    if not isinstance(token, str) or not token or not is_life:
        raise malformed("The tokens given cannot be understood.")
    life = timedelta(seconds=float(seconds))
    return {"access_token": token, "expires_at": (answer.received_at + life).isoformat()}


async def _account(http: Http, credentials: Mapping[str, str]) -> Account:
    url = _GRAPH.url(credentials, "me")
    asked = {"fields": "id,username,name,threads_profile_picture_url"}
    answer = await http.request("GET", url, headers=bearing(credentials), params=asked)
    shown = said(answer, renewable=True)
    with otherwise_malformed("Threads' answer about the account cannot be understood."):
        username = str(shown["username"])
        url = f"{_LOGIN.site_of(credentials)}/@{username}"
        return Account(
            external_id=str(shown["id"]),
            username=f"@{username}",
            display_name=str(shown.get("name") or username),
            url=url,
            avatar_url=shown.get("threads_profile_picture_url"),
            credentials={**credentials, "account_id": str(shown["id"]), "url": url},
            expires_at=_LOGIN.life_of(credentials, answer)["expires_at"],
        )


async def _identified(http: Http, credentials: Mapping[str, str], known: str) -> str:
    path = f"{credentials['account_id']}/threads"
    return await _GRAPH.identified(http, credentials, path, known)


async def _parent(http: Http, credentials: Mapping[str, str], publication: Publication) -> str:
    """The id of what is replied to; empty of a root."""
    if publication.reply_to is None:
        return ""
    return await _identified(http, credentials, publication.reply_to.parent_id)


provider = Threads()
