"""TikTok: videos and posts of pictures of a creator.

Sources: developers.tiktok.com (login kit for web, user access tokens, content posting API: creator
info, direct post, photo post, upload, media transfer, post status; display API; error handling).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.channels.domain.connected_by_oauth import ConnectedByOAuth
from shared.channels.domain.media import Attachment, MediaRules
from shared.channels.domain.metrics import counted
from shared.channels.domain.network_answers import before_publishing, under_way
from shared.channels.domain.oauth_tokens import OWN_APPLICATION, is_renewable, token_fields
from shared.channels.domain.provider import (
    Account,
    ErrorClass,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
    Unanswered,
)
from shared.channels.domain.server_address import last_segment
from shared.channels.domain.tiktok.answers import said
from shared.channels.domain.tiktok.calls import (
    API,
    OAUTH,
    ask_for_user,
    creator_of,
    post_to,
    profile_of,
    state_of,
    user_of,
)
from shared.channels.domain.tiktok.ending import awaiting_id, failure_of, receipt_of, without_id
from shared.channels.domain.tiktok.post import (
    ANYBODY,
    MAXIMUM,
    MEDIA,
    SETTINGS,
    demand_media,
    film_of,
    path_of,
    post_of,
)
from shared.channels.domain.tiktok.upload import UploadGone, upload
from shared.channels.domain.tools import Tool

_AT_ONCE, _LOOKS_AGAIN = (timedelta(seconds=each) for each in (1, 5))
_USER = "open_id,avatar_url,display_name,username"
_COUNTED = {
    "follower_count": "followers",
    "following_count": "following",
    "likes_count": "likes",
    "video_count": "posts",
}
_COUNTED_OF_POST = {
    "view_count": "views",
    "like_count": "likes",
    "comment_count": "replies",
    "share_count": "shares",
}


class TikTok(ConnectedByOAuth):
    """Tells the id under which it publishes before a video is uploaded, and asks what became of it.

    The last piece of a video publishes it. Pictures, which TikTok fetches, are published by the
    call that gives the id: an answer to that which is lost leaves nothing to ask for, so a person
    settles it. The address they are fetched from must be made known to TikTok as the application's.

    An access token lives a day, a refresh token a year, and may be replaced when it is used.
    A creator may post about fifteen times a day through all applications together.
    """

    title = "TikTok"
    max_length = MAXIMUM
    counts = "characters; most emoji count 2 or more"
    threads = False
    quotas = (Quota(limit=15, period=timedelta(days=1)),)
    connect_fields = (*token_fields(API, "Access token of a creator"), *OWN_APPLICATION)
    recovery: Recovery = "search"
    settings_schema = SETTINGS
    oauth = OAUTH
    scopes = OAUTH.scopes
    tools: Mapping[str, Tool] = {
        "privacy_levels": Tool(
            title="Audiences", description="Who may be let watch a post of this account"
        ),
    }

    def count(self, text: str) -> int:
        """UTF-16 code units."""
        return len(text.encode("utf-16-le", errors="surrogatepass")) // 2

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return MEDIA

    def can_find(self, publication: Publication) -> bool:
        return film_of(publication) is not None

    async def account(self, http: Http, credentials: Mapping[str, str]) -> Account:
        answer = await ask_for_user(http, credentials, _USER)
        user = said(answer, renewable=is_renewable(credentials))["user"]
        kept = {**credentials, "open_id": user["open_id"], "username": user["username"]}
        return Account(
            external_id=user["open_id"],
            username=f"@{user['username']}",
            display_name=user.get("display_name") or user["username"],
            url=profile_of(kept),
            avatar_url=user.get("avatar_url"),
            credentials=kept,
            **OAUTH.life_of(credentials, answer),
        )

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """The refresh token goes along."""
        await OAUTH.revoke(http, credentials, ["access_token"])

    def preview(self, publication: Publication) -> Preview:
        body = post_of(publication, ANYBODY)
        return Preview(method="POST", path=path_of(publication), body=body)

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        if "publish_id" not in publication.progress:
            return await _begin(http, credentials, publication)
        film = film_of(publication)
        with under_way() if _is_under_way(publication) else before_publishing():
            state = await state_of(http, credentials, publication)
        if film and state["status"] == "PROCESSING_UPLOAD":
            return await _upload(http, credentials, publication, film, state)
        if state["status"] == "FAILED":
            return await _begin_again(http, credentials, publication, failure_of(state))
        if receipt := receipt_of(credentials, publication, state):
            return receipt
        if state["status"] == "PUBLISH_COMPLETE":
            return awaiting_id(publication) or without_id(credentials, publication)
        return _sent(publication)

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """What became of it, by the id it was begun under; no video was sent before there was one.

        Nobody knows while TikTok works on it.
        """
        if "publish_id" not in publication.progress:
            if self.can_find(publication):
                return None
            words = "TikTok tells nobody whether pictures were posted."
            raise Unanswered(ErrorClass.UNKNOWN, "NOT_SEARCHABLE", words)
        state = await state_of(http, credentials, publication)
        if state["status"] == "FAILED" or _lacks_pieces(publication, state):
            return None
        if receipt := receipt_of(credentials, publication, state):
            return receipt
        if state["status"] == "PUBLISH_COMPLETE":
            return without_id(credentials, publication)
        raise Unanswered(ErrorClass.PLATFORM, "STILL_PROCESSING", "TikTok is working on it still.")

    async def use_tool(
        self, http: Http, credentials: Mapping[str, str], name: str, arguments: Mapping[str, Any]
    ) -> Any:
        levels = (await creator_of(http, credentials)).privacy_levels
        return [{"id": one, "name": one.replace("_", " ").capitalize()} for one in levels]

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        return counted(await user_of(http, credentials, ",".join(_COUNTED)), _COUNTED)

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        fields = ",".join(("id", *_COUNTED_OF_POST))
        wish = {"filters": {"video_ids": [last_segment(external_id)]}}
        told = await post_to(http, credentials, f"/v2/video/query/?fields={fields}", wish)
        if not told["videos"]:
            raise Refused(ErrorClass.CONTENT, "POST_MISSING", "There is no such public post.")
        return counted(told["videos"][0], _COUNTED_OF_POST)


async def _upload(
    http: Http,
    credentials: Mapping[str, str],
    publication: Publication,
    film: Attachment,
    state: Mapping[str, Any],
) -> Pending:
    sent = int(state.get("uploaded_bytes") or 0)
    try:
        if await upload(http, publication.progress["address"], film, sent):
            return _sent(publication)
    except UploadGone:
        return await _begin(http, credentials, publication)
    return Pending(progress=publication.progress, check_after=_AT_ONCE)


def _sent(publication: Publication) -> Pending:
    progress = {**publication.progress, "is_sent": "yes"}
    return Pending(progress=progress, check_after=_LOOKS_AGAIN, is_under_way=True)


async def _begin_again(
    http: Http, credentials: Mapping[str, str], publication: Publication, failure: Refused
) -> Pending:
    """Once, where it was TikTok that failed: what has failed under an id stays so."""
    if failure.error_class is not ErrorClass.PLATFORM or "again" in publication.progress:
        raise failure
    begun = await _begin(http, credentials, publication)
    return replace(begun, progress={**begun.progress, "again": "yes"})


def _is_under_way(publication: Publication) -> bool:
    """Whether TikTok has got all that it publishes it from."""
    return "is_sent" in publication.progress or "address" not in publication.progress


def _lacks_pieces(publication: Publication, state: Mapping[str, Any]) -> bool:
    film = film_of(publication)
    if film is None or state["status"] != "PROCESSING_UPLOAD":
        return False
    return int(state.get("uploaded_bytes") or 0) < film.size


async def _begin(http: Http, credentials: Mapping[str, str], publication: Publication) -> Pending:
    demand_media(publication)
    film = film_of(publication)
    with before_publishing():
        creator = await creator_of(http, credentials)
    if film and film.duration and film.duration > creator.longest:
        words = f"This account may post videos of {creator.longest.total_seconds():.0f} seconds."
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
    path, wish = path_of(publication), post_of(publication, creator)
    if film is None:
        told = await post_to(http, credentials, path, wish)
        return Pending(
            progress={"publish_id": str(told["publish_id"])},
            check_after=_LOOKS_AGAIN,
            is_under_way=True,
        )
    with before_publishing():
        told = await post_to(http, credentials, path, wish)
        progress = {"publish_id": str(told["publish_id"]), "address": str(told["upload_url"])}
    return Pending(progress=progress, check_after=_AT_ONCE)


provider = TikTok()
