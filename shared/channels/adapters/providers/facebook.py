"""Facebook: posts, photos, films, reels and stories of pages.

Sources: developers.facebook.com (Pages API: posts, photos, videos, Reels Publishing, Page Stories,
comments, insights; Graph API: rate limits, error codes).
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.channels.domain.facebook import films
from shared.channels.domain.facebook.media import rules
from shared.channels.domain.facebook.post import (
    SETTINGS,
    demand_fitness,
    feed_of,
    film_of,
    post_type,
)
from shared.channels.domain.media import Attachment, MediaRules
from shared.channels.domain.meta.comments import Comments
from shared.channels.domain.meta.graph import SLACK, Graph, id_of, instant_of
from shared.channels.domain.meta.insights import metrics_of
from shared.channels.domain.meta.login import (
    VERSION,
    login,
)
from shared.channels.domain.meta.page_provider import PageProvider
from shared.channels.domain.network_answers import before_publishing, malformed, otherwise_malformed
from shared.channels.domain.provider import (
    Account,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
)

_SCOPES = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_engagement",
    "pages_read_user_content",
    "read_insights",
    "business_management",
)
_LOGIN = login(_SCOPES)
_GRAPH = Graph(version=VERSION, link="permalink_url")
_COMMENTS = Comments(graph=_GRAPH, posts="published_posts", words="message", instant="created_time")
_PAGE = "id,name,category,username,picture{url}"
_AT_ONCE = timedelta(0)


class Facebook(PageProvider):
    """Publishes without an idempotency key; what is uncertain is looked for.

    Photos are uploaded unpublished and then attached, films have an id before they are published:
    both are told before. Facebook refuses words that the page has just posted, so that what its
    lists do not show yet is not posted twice.

    It limits the calls for a page by how many people engage with it, and says in percent what is
    used; nothing tells how many more posts it takes. Pages' tokens do not expire.
    """

    title = "Facebook"
    max_length = 63_206
    counts = "characters"
    threads = True
    comment_length = 8_000
    quotas: tuple[Quota, ...] = ()
    recovery: Recovery = "search"
    settings_schema = SETTINGS
    login = _LOGIN
    page_fields = _PAGE
    without = "There is no page that this person may post for."
    scopes = _SCOPES

    def count(self, text: str) -> int:
        return len(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return rules(settings)

    def account_of(self, page: Mapping[str, Any], credentials: Mapping[str, str]) -> Account:
        with otherwise_malformed("Facebook's answer about the page cannot be understood."):
            identifier, name = str(page["id"]), str(page["name"])
            url = f"{_LOGIN.site_of(credentials)}/{identifier}"
            picture = (page.get("picture") or {}).get("data") or {}
            return Account(
                external_id=identifier,
                username=f"@{page['username']}" if page.get("username") else name,
                display_name=name,
                url=url,
                avatar_url=picture.get("url"),
                credentials={**credentials, "account_id": identifier, "url": url},
                kind="organization",
                renewable=False,
            )

    def preview(self, publication: Publication) -> Preview:
        """Of words and photos; films and stories have calls of their own for the same words."""
        if publication.reply_to:
            return _COMMENTS.preview(publication.reply_to, publication.text)
        ids = [f"<file {number}>" for number, _ in enumerate(publication.attachments, start=1)]
        return Preview(
            method="POST", path=f"/{VERSION}/<page>/feed", body=feed_of(publication, ids)
        )

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        if publication.reply_to:
            return await _COMMENTS.publish(http, credentials, publication)
        demand_fitness(publication)
        if film := film_of(publication):
            return await films.publish(_GRAPH, http, credentials, publication, film)
        photos = _photos(publication)
        if len(photos) < len(publication.attachments):
            with before_publishing():
                sent = [_upload(http, credentials, one) for one in publication.attachments]
                made = await asyncio.gather(*sent)
            return Pending(progress={"photos": ",".join(made)}, check_after=_AT_ONCE)
        page = credentials["account_id"]
        if post_type(publication) == "story":
            form = {"photo_id": photos[0]}
            made_story = await _GRAPH.send(http, credentials, f"{page}/photo_stories", form)
            identifier = str(made_story.get("post_id") or "")
            if not identifier:
                raise malformed("Facebook answered without the story it made.")
            return Receipt(external_id=identifier, url=credentials["url"])
        form = feed_of(publication, photos)
        identifier = await _GRAPH.make(http, credentials, f"{page}/feed", form)
        link = await _GRAPH.permalink(http, credentials, identifier)
        return Receipt(external_id=identifier, url=link or credentials["url"])

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """Look for a post of the same words and photos, made since the first attempt."""
        if publication.reply_to:
            return await _COMMENTS.find(http, credentials, publication)
        if film_of(publication):
            return await films.find(_GRAPH, http, credentials, publication)
        if post_type(publication) == "story":
            return await _story(http, credentials, publication)
        since, photos = publication.first_tried_at - SLACK, set(_photos(publication))
        if len(photos) < len(publication.attachments):
            return None
        path = f"{credentials['account_id']}/published_posts"
        fields = "id,message,created_time,permalink_url,attachments"
        async for post in _GRAPH.listed(http, credentials, path, fields=fields):
            if instant_of(post.get("created_time")) < since:
                break
            words = str(post.get("message") or "").strip()
            is_meant = words == publication.text.strip() and _shown(post) >= photos
            if is_meant and str(post["id"]) not in publication.taken:
                link = str(post.get("permalink_url") or credentials["url"])
                return Receipt(external_id=str(post["id"]), url=link)
        return None

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        page = credentials["account_id"]
        shown = await _GRAPH.read(http, credentials, page, fields="followers_count")
        insights = await _GRAPH.read(
            http,
            credentials,
            f"{page}/insights",
            metric="page_post_engagements,page_media_view",
            period="day",
        )
        counted = metrics_of(insights, suffix="_today")
        return {**counted, "followers": int(shown.get("followers_count", 0))}

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        path = f"{credentials['account_id']}/published_posts"
        identifier = await _GRAPH.identified(http, credentials, path, external_id)
        asked = "post_media_view,post_clicks,post_reactions_like_total"
        insights = await _GRAPH.read(http, credentials, f"{identifier}/insights", metric=asked)
        return metrics_of(insights)


async def _upload(http: Http, credentials: Mapping[str, str], photo: Attachment) -> str:
    """A photo that nobody sees until something shows it; gone after a day else."""
    form = {"published": "false", "temporary": "true"}
    if photo.alt_text:
        form["alt_text_custom"] = photo.alt_text
    path = f"{credentials['account_id']}/photos"
    return id_of(await _GRAPH.send(http, credentials, path, form, {"source": photo}))


async def _story(
    http: Http, credentials: Mapping[str, str], publication: Publication
) -> Receipt | None:
    photos = _photos(publication)
    if not photos:
        return None
    path = f"{credentials['account_id']}/stories"
    async for story in _GRAPH.listed(http, credentials, path, fields="post_id,media_id"):
        if str(story.get("media_id")) == photos[0]:
            return Receipt(external_id=str(story["post_id"]), url=credentials["url"])
    return None


def _photos(publication: Publication) -> list[str]:
    """The ids of those that are there already."""
    return [one for one in publication.progress.get("photos", "").split(",") if one]


def _shown(post: Mapping[str, Any]) -> set[str]:
    """The ids of the photos of a post."""
    found: set[str] = set()
    for one in (post.get("attachments") or {}).get("data", ()):
        inner = (one.get("subattachments") or {}).get("data", ())
        found |= {str((each.get("target") or {}).get("id")) for each in (one, *inner)}
    return found


provider = Facebook()
