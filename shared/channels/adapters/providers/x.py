"""X, which was Twitter.

Sources: docs.x.com (OAuth 2.0 with PKCE, `/2/oauth2/token`, `/2/oauth2/revoke`, `/2/users/me`,
`/2/tweets`, `/2/users/:id/tweets`, media, rate limits) and twitter/twitter-text.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from shared.channels.domain.connected_by_oauth import ConnectedByOAuth
from shared.channels.domain.media import MediaRules
from shared.channels.domain.network_answers import malformed, otherwise_malformed
from shared.channels.domain.oauth_server import OAuthServer, bearing, get
from shared.channels.domain.oauth_tokens import OWN_APPLICATION, is_renewable, token_fields
from shared.channels.domain.provider import (
    Account,
    Answer,
    ErrorClass,
    Http,
    Pending,
    Preview,
    ProviderError,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
    Unanswered,
)
from shared.channels.domain.server_address import last_segment
from shared.channels.domain.x import media, metrics
from shared.channels.domain.x.answers import allowance_of, error_of
from shared.channels.domain.x.post import (
    SETTINGS,
    comparable,
    parent_of,
    post_of,
    shown_parent,
    shown_text,
)
from shared.channels.domain.x.text import MAXIMUM, weighted_length

_API = "https://api.x.com"
_POSTS = "/2/tweets"
_OAUTH = OAuthServer(
    site="https://x.com",
    api=_API,
    asks_at="/i/oauth2/authorize",
    gives_at="/2/oauth2/token",
    takes_back_at="/2/oauth2/revoke",
    scopes=("tweet.read", "tweet.write", "users.read", "media.write", "offline.access"),
    lives=timedelta(hours=2),
    by_header=True,
    challenges=True,
)
_get = partial(get, error_of=error_of)
_SUBSCRIBERS = frozenset({"Basic", "Premium", "PremiumPlus"})
_SUBSCRIBERS_MAXIMUM = 25_000
_SLACK = timedelta(minutes=1)
_PAGE = 100
_PAGES = 10


class X(ConnectedByOAuth):
    """Publishes without an idempotency key, which X has not; what is uncertain is looked for.

    X refuses a text that the account has just posted. So should `find` look before the timeline
    shows a post, the next attempt is refused as a duplicate: it fails, but nothing is posted twice.

    An access token lives two hours. A refresh token may be used once: an answer that is lost takes
    the only good one with it, and the account must be connected again.

    An account may post 100 times in a quarter of an hour. An application has a limit of its own for
    all accounts together, 10,000 a day, and what its owner pays for: 402 and `usage-capped`.
    """

    title = "X"
    max_length = MAXIMUM
    counts = "characters; a link counts 23, an emoji 2, and so does a character of many scripts"
    threads = True
    quotas = (Quota(limit=100, period=timedelta(minutes=15)),)
    connect_fields = (*token_fields(_API, "Access token (OAuth 2.0, of a user)"), *OWN_APPLICATION)
    recovery: Recovery = "search"
    settings_schema = SETTINGS
    oauth = _OAUTH
    scopes = _OAUTH.scopes

    def count(self, text: str) -> int:
        return weighted_length(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return media.RULES

    async def account(self, http: Http, credentials: Mapping[str, str]) -> Account:
        fields = {"user.fields": "profile_image_url,subscription_type"}
        answer = await _get(http, credentials, "/2/users/me", fields)
        with otherwise_malformed("X's answer about the account cannot be understood."):
            user = answer.json()["data"]
            username = user["username"]
            is_subscriber = user.get("subscription_type") in _SUBSCRIBERS
            return Account(
                external_id=user["id"],
                username=f"@{username}",
                display_name=user.get("name") or username,
                url=f"{_OAUTH.site_of(credentials)}/{username}",
                avatar_url=user.get("profile_image_url"),
                credentials={**credentials, "account_id": user["id"], "username": username},
                limits={"max_length": _SUBSCRIBERS_MAXIMUM} if is_subscriber else {},
                **_OAUTH.life_of(credentials, answer),
            )

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """The refresh token first: it is good for longer."""
        await _OAUTH.revoke(http, credentials, ["refresh_token", "access_token"])

    def preview(self, publication: Publication) -> Preview:
        ids = [f"<file {number}>" for number, _ in enumerate(publication.attachments, start=1)]
        return Preview(method="POST", path=_POSTS, body=post_of(publication, ids))

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        ids = await media.attached(http, credentials, publication.attachments, publication.progress)
        if isinstance(ids, Pending):
            return ids
        answer = await http.request(
            "POST",
            f"{credentials['server']}{_POSTS}",
            headers=bearing(credentials),
            json=post_of(publication, ids),
        )
        allowance = allowance_of(answer)
        if answer.status != HTTPStatus.CREATED:
            error = self._refusal(answer, credentials, publication)
            error.allowance = allowance
            raise error
        with otherwise_malformed("X answered without the post it made."):
            identifier = answer.json()["data"]["id"]
        if not isinstance(identifier, str) or not identifier.isdigit():
            raise malformed("X answered with an id that is none.")
        return Receipt(
            external_id=identifier, url=_link(credentials, identifier), allowance=allowance
        )

    def _refusal(
        self, answer: Answer, credentials: Mapping[str, str], publication: Publication
    ) -> ProviderError:
        """X says of a text that is too long no more than that this is not permitted."""
        error = error_of(answer, renewable=is_renewable(credentials))
        length = self.count(publication.text)
        if error.error_class is ErrorClass.PERMISSION and length > MAXIMUM:
            words = f"{error.words} It counts {length}; {MAXIMUM} are allowed without Premium."
            return Refused(ErrorClass.CONTENT, "CONTENT_REFUSED", words)
        return error

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """Look for a post of the same text and parent, made since the first attempt.

        A clock of X may be a minute behind ours.
        """
        parent_id, wanted = parent_of(publication), comparable(publication.text)
        async for post in _own_posts(http, credentials, publication):
            with otherwise_malformed("X's list of posts cannot be understood."):
                identifier, text = post["id"], comparable(shown_text(post))
                is_meant = shown_parent(post) == parent_id and text == wanted
            if is_meant and identifier not in publication.taken:
                return Receipt(external_id=identifier, url=_link(credentials, identifier))
        return None

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        asked = {"user.fields": "public_metrics"}
        return metrics.of_account(await _get(http, credentials, "/2/users/me", asked))

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        """X tells of a post that is gone in a 200 without it."""
        asked = {"tweet.fields": "public_metrics"}
        path = f"{_POSTS}/{last_segment(external_id)}"
        answer = await _get(http, credentials, path, asked)
        if b'"data"' not in answer.body:
            raise Refused(ErrorClass.CONTENT, "POST_MISSING", "X has no such post.")
        return metrics.of_post(answer)


async def _own_posts(
    http: Http, credentials: Mapping[str, str], publication: Publication
) -> AsyncIterator[dict[str, Any]]:
    """What the account posted since the first attempt, newest first.

    Raises:
        Unanswered: there are too many to look through.
    """
    path = f"/2/users/{credentials['account_id']}/tweets"
    since = (publication.first_tried_at - _SLACK).astimezone(UTC)
    params = {
        "max_results": str(_PAGE),
        "exclude": "retweets",
        "start_time": f"{since:%Y-%m-%dT%H:%M:%SZ}",
        "tweet.fields": "created_at,entities,note_tweet,referenced_tweets",
    }
    for _ in range(_PAGES):
        answer = await _get(http, credentials, path, params)
        with otherwise_malformed("X's list of posts cannot be understood."):
            page = answer.json()
            posts, onwards = list(page.get("data", ())), page["meta"].get("next_token")
        for post in posts:
            yield post
        if not onwards:
            return
        params["pagination_token"] = str(onwards)
    raise Unanswered(ErrorClass.PLATFORM, "TOO_MANY_TO_SEARCH", "Too many posts since then.")


def _link(credentials: Mapping[str, str], identifier: str) -> str:
    return f"{_OAUTH.site_of(credentials)}/{credentials['username']}/status/{identifier}"


provider = X()
