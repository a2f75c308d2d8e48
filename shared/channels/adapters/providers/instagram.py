"""Instagram: posts, carousels, reels and stories of professional accounts with a Facebook page.

Sources: developers.facebook.com (Instagram API with Facebook Login: content publishing, comment
moderation, insights, error codes).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.channels.domain.instagram.media import rules
from shared.channels.domain.instagram.post import SETTINGS, container_of, demand_fitness, items_of
from shared.channels.domain.instagram.text import CAPTION, COMMENT, IN_CAPTION, IN_COMMENT
from shared.channels.domain.media import MediaRules
from shared.channels.domain.meta.comments import Comments
from shared.channels.domain.meta.containers import Containers
from shared.channels.domain.meta.insights import metrics_of
from shared.channels.domain.meta.login import (
    CONNECT_FIELDS,
    GRAPH,
    VERSION,
    login,
)
from shared.channels.domain.meta.page_provider import PageProvider
from shared.channels.domain.meta.places import LOCATIONS, places
from shared.channels.domain.network_answers import otherwise_malformed
from shared.channels.domain.provider import (
    Account,
    Field,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
)
from shared.channels.domain.text_bounds import TextProblem, exceeded
from shared.channels.domain.tools import Tool

_SCOPES = (
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "pages_show_list",
    "pages_read_engagement",
    "business_management",
)
_LOGIN = login(_SCOPES)
_SITE = "https://www.instagram.com"
_CONTAINERS = Containers(
    graph=GRAPH,
    made_at="media",
    listed_at="media",
    published_at="media_publish",
    status="status_code",
    reason="status",
    limit="content_publishing_limit",
    usage="quota_usage",
    config="config",
    words="caption",
)
_STORIES = replace(_CONTAINERS, listed_at="stories", words="")
_COMMENTS = Comments(graph=GRAPH, posts="media", words="text", instant="timestamp")
_ACCOUNT = "id,username,name,profile_picture_url"


class Instagram(PageProvider):
    """Publishes containers; each can be published once, so that its id is the key.

    A follow-up is a comment on the root, and has no key: it is looked for among its comments.

    An account may publish 100 times in twenty-four hours, fewer where Instagram says so; a carousel
    is one. Before anything is made, and again before it is published, the account is asked what is
    left. Pages' tokens do not expire.
    """

    title = "Instagram"
    max_length = CAPTION
    counts = "characters; 30 hashtags and 20 mentions among them at most"
    threads = True
    comment_length = COMMENT
    quotas = (Quota(limit=100, period=timedelta(days=1)),)
    connect_fields = (
        *CONNECT_FIELDS,
        Field(name="account_id", label="Id of the Instagram account", optional=True),
    )
    recovery: Recovery = "key"
    settings_schema = SETTINGS
    login = _LOGIN
    page_fields = f"instagram_business_account{{{_ACCOUNT}}}"
    without = "No page here has a professional account of Instagram."
    scopes = _SCOPES
    tools: Mapping[str, Tool] = {"locations": LOCATIONS}

    def count(self, text: str) -> int:
        return len(text)

    def text_problems(
        self, text: str, settings: Mapping[str, Any], *, replies: bool
    ) -> Sequence[TextProblem]:
        return [*exceeded(self.title, text, IN_COMMENT if replies else IN_CAPTION)]

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return rules(settings)

    def account_of(self, page: Mapping[str, Any], credentials: Mapping[str, str]) -> Account | None:
        shown = page.get("instagram_business_account")
        return _account(shown, credentials) if shown else None

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Ask which account the page has whose token it is, or for the one that is named."""
        if account_id := fields.get("account_id", "").strip():
            credentials = _LOGIN.typed(fields)
            shown = await GRAPH.read(http, credentials, account_id, fields=_ACCOUNT)
            return _account(shown, credentials)
        return await super().connect(http, fields)

    def preview(self, publication: Publication) -> Preview:
        if publication.reply_to:
            return _COMMENTS.preview(publication.reply_to, publication.text)
        items = [f"<file {number}>" for number, _ in enumerate(publication.attachments, start=1)]
        body = container_of(publication, items)
        return Preview(method="POST", path=f"/{VERSION}/<account>/media", body=body)

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        if publication.reply_to:
            return await _COMMENTS.publish(http, credentials, publication)
        demand_fitness(publication)
        return await _way(publication).publish(
            http,
            credentials,
            publication,
            items=items_of(publication),
            whole=lambda children: container_of(publication, children),
        )

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        if publication.reply_to:
            return await _COMMENTS.find(http, credentials, publication)
        return await _way(publication).find(http, credentials, publication)

    async def use_tool(
        self, http: Http, credentials: Mapping[str, str], name: str, arguments: Mapping[str, Any]
    ) -> Any:
        return await places(GRAPH, http, credentials, str(arguments["query"]))

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        account_id = credentials["account_id"]
        asked = "followers_count,follows_count,media_count"
        shown = await GRAPH.read(http, credentials, account_id, fields=asked)
        insights = await GRAPH.read(
            http,
            credentials,
            f"{account_id}/insights",
            metric="reach,views,likes,comments,shares,saves,replies",
            period="day",
            metric_type="total_value",
        )
        return {
            **metrics_of(insights, suffix="_today"),
            "followers": int(shown.get("followers_count", 0)),
            "following": int(shown.get("follows_count", 0)),
            "posts": int(shown.get("media_count", 0)),
        }

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        path = f"{credentials['account_id']}/media"
        identifier = await GRAPH.identified(http, credentials, path, external_id)
        asked = "reach,views,likes,comments,shares,saved,total_interactions"
        insights = await GRAPH.read(http, credentials, f"{identifier}/insights", metric=asked)
        return metrics_of(insights)


def _way(publication: Publication) -> Containers:
    """Stories are in a list of their own, and have no words."""
    is_story = publication.settings.get("post_type") == "story"
    return _STORIES if is_story else _CONTAINERS


def _account(shown: Mapping[str, Any], credentials: Mapping[str, str]) -> Account:
    with otherwise_malformed("Instagram's answer about the account cannot be understood."):
        username = str(shown["username"])
        site = _SITE if credentials["server"] == _LOGIN.api else credentials["server"]
        url = f"{site}/{username}"
        return Account(
            external_id=str(shown["id"]),
            username=f"@{username}",
            display_name=str(shown.get("name") or username),
            url=url,
            avatar_url=shown.get("profile_picture_url"),
            credentials={**credentials, "account_id": str(shown["id"]), "url": url},
            kind="organization",
            renewable=False,
        )


provider = Instagram()
