"""YouTube: videos of a channel.

Sources: developers.google.com/youtube/v3 (resumable uploads, `videos.insert`, `thumbnails.set`,
`channels.list`, `playlistItems.list`, errors), developers.google.com/identity/protocols/oauth2.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shared.channels.domain.connected_by_oauth import ConnectedByOAuth
from shared.channels.domain.media import Attachment, MediaRules
from shared.channels.domain.metrics import counted
from shared.channels.domain.network_answers import before_publishing, otherwise_malformed
from shared.channels.domain.oauth_server import OAuthServer, get
from shared.channels.domain.oauth_tokens import OWN_APPLICATION, is_renewable, token_fields
from shared.channels.domain.provider import (
    Account,
    ErrorClass,
    Http,
    Pending,
    Preview,
    ProviderError,
    Publication,
    Receipt,
    Recovery,
    Refused,
    Unanswered,
)
from shared.channels.domain.youtube.answers import error_of
from shared.channels.domain.youtube.upload import (
    PATH,
    SessionGone,
    received,
    session_for,
    set_thumbnail,
    upload,
)
from shared.channels.domain.youtube.video import MAXIMUM, MEDIA, SETTINGS, video_of, written

_API = "https://www.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/"
_OAUTH = OAuthServer(
    site="https://www.youtube.com",
    api=_API,
    asks_from="https://accounts.google.com",
    asks_at="/o/oauth2/v2/auth",
    gives_from="https://oauth2.googleapis.com",
    gives_at="/token",
    takes_back_at="/revoke",
    scopes=(f"{_SCOPE}youtube.upload", f"{_SCOPE}youtube.readonly"),
    lives=timedelta(hours=1),
    by_header=False,
    challenges=True,
    asks_besides={"access_type": "offline", "prompt": "consent"},
)
_get = partial(get, error_of=error_of)
_AT_ONCE = timedelta(seconds=1)
_COVERED_BY = timedelta(seconds=50)
"""How old an attempt may be with a cover still on its way: who has waited a minute for it would
never hear of the video."""
_SLACK = timedelta(minutes=1)
_PAGE = "50"
_PAGES = 4
_COUNTED = {"subscriberCount": "followers", "videoCount": "posts", "viewCount": "views"}
_COUNTED_OF_POST = {"viewCount": "views", "likeCount": "likes", "commentCount": "replies"}


class YouTube(ConnectedByOAuth):
    """Publishes with the last piece of an upload; the session of the upload says whether it did.

    The session is told before anything is uploaded, so that whoever is asked without one knows that
    nothing was. A session that is gone is one of long ago: then the channel's uploads are looked
    through.

    A refresh token is good until it is revoked, and for more than one use. How many videos a day an
    account may upload YouTube does not say; an application has a quota for all its accounts.
    """

    title = "YouTube"
    max_length = MAXIMUM
    counts = "bytes; most letters are one, an emoji four or more"
    threads = False
    quotas = ()
    connect_fields = (*token_fields(_API, "Access token of a channel"), *OWN_APPLICATION)
    recovery: Recovery = "search"
    settings_schema = SETTINGS
    oauth = _OAUTH
    scopes = _OAUTH.scopes

    def count(self, text: str) -> int:
        return len(written(text).encode(errors="surrogatepass"))

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return MEDIA

    def written(self, text: str) -> str:
        return written(text)

    async def account(self, http: Http, credentials: Mapping[str, str]) -> Account:
        first, *_ = await self.accounts(http, credentials)
        return first

    async def accounts(self, http: Http, credentials: Mapping[str, str]) -> Sequence[Account]:
        """The channel that the person has picked at Google's page."""
        params = {"part": "snippet,contentDetails", "mine": "true"}
        answer = await _get(http, credentials, "/youtube/v3/channels", params)
        with otherwise_malformed("YouTube's answer about the channel cannot be understood."):
            accounts = [
                Account(
                    external_id=channel["id"],
                    username=channel["snippet"].get("customUrl") or channel["snippet"]["title"],
                    display_name=channel["snippet"]["title"],
                    url=f"{_OAUTH.site_of(credentials)}/channel/{channel['id']}",
                    avatar_url=_picture(channel["snippet"]),
                    credentials={
                        **credentials,
                        "channel_id": channel["id"],
                        "uploads": channel["contentDetails"]["relatedPlaylists"]["uploads"],
                    },
                    **_OAUTH.life_of(credentials, answer),
                )
                for channel in answer.json().get("items", ())
            ]
        if not accounts:
            words = "This Google account has no channel: make one at YouTube first."
            raise Refused(ErrorClass.PERMISSION, "NO_CHANNEL", words)
        return accounts

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Either token takes the other along."""
        kept = "refresh_token" if is_renewable(credentials) else "access_token"
        await _OAUTH.revoke(http, credentials, [kept])

    def preview(self, publication: Publication) -> Preview:
        return Preview(method="POST", path=PATH, body=video_of(publication))

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        if "session" not in publication.progress:
            return await self._begin(http, credentials, publication)
        began, film = asyncio.get_running_loop().time(), _film(publication)
        try:
            video = await upload(http, publication.progress["session"], film)
        except SessionGone:
            with before_publishing():
                found = await self._among_uploads(http, credentials, publication)
            return found or await self._begin(http, credentials, publication)
        if video is None:
            return Pending(progress=publication.progress, check_after=_AT_ONCE)
        if film.cover:
            # The video is there, be it with a picture that YouTube has chosen.
            with suppress(ProviderError, TimeoutError):
                async with asyncio.timeout_at(began + _COVERED_BY.total_seconds()):
                    await set_thumbnail(http, credentials, video["id"], film.cover)
        return _receipt(credentials, video["id"])

    async def _begin(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Pending:
        """Tell YouTube of the video; nothing is uploaded before the session is kept."""
        try:
            session = await session_for(http, credentials, publication, _film(publication))
        except Refused as refusal:
            raise self._explained(refusal, publication) from refusal
        return Pending(progress={"session": session}, check_after=_AT_ONCE)

    def _explained(self, refusal: Refused, publication: Publication) -> Refused:
        """YouTube says of a description that is too long no more than that it is invalid."""
        length = self.count(publication.text)
        if refusal.error_class is ErrorClass.CONTENT and length > MAXIMUM:
            words = f"{refusal.words} It has {length} bytes; {MAXIMUM} are allowed."
            return Refused(ErrorClass.CONTENT, refusal.code, words)
        return refusal

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """What the session says; nothing was uploaded before there was one."""
        if "session" not in publication.progress:
            return None
        try:
            outcome = await received(http, publication.progress["session"], _film(publication))
        except SessionGone:
            return await self._among_uploads(http, credentials, publication)
        return None if isinstance(outcome, int) else _receipt(credentials, outcome["id"])

    async def _among_uploads(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """One of the same title and description, uploaded since the first attempt."""
        wanted = video_of(publication)["snippet"]
        since = publication.first_tried_at - _SLACK
        params = {"part": "snippet,contentDetails", "maxResults": _PAGE}
        params["playlistId"] = credentials["uploads"]
        for _ in range(_PAGES):
            page = (await _get(http, credentials, "/youtube/v3/playlistItems", params)).json()
            for item in page["items"]:
                shown, identifier = item["snippet"], item["contentDetails"]["videoId"]
                if datetime.fromisoformat(shown["publishedAt"]) < since:
                    return None
                is_meant = (shown["title"], shown["description"]) == (
                    wanted["title"],
                    wanted["description"],
                )
                if is_meant and identifier not in publication.taken:
                    return _receipt(credentials, identifier)
            if not page.get("nextPageToken"):
                return None
            params["pageToken"] = page["nextPageToken"]
        raise Unanswered(ErrorClass.PLATFORM, "TOO_MANY_TO_SEARCH", "Too many uploads since then.")

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        params = {"part": "statistics", "mine": "true"}
        (channel,) = (await _get(http, credentials, "/youtube/v3/channels", params)).json()["items"]
        return counted(channel["statistics"], _COUNTED)

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        identifier = parse_qs(urlsplit(external_id).query).get("v", [external_id])[0]
        params = {"part": "statistics", "id": identifier}
        videos = (await _get(http, credentials, "/youtube/v3/videos", params)).json()["items"]
        if not videos:
            raise Refused(ErrorClass.CONTENT, "POST_MISSING", "There is no such video.")
        return counted(videos[0]["statistics"], _COUNTED_OF_POST)


def _film(publication: Publication) -> Attachment:
    if len(publication.attachments) != 1:
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", "YouTube takes one video at a time.")
    return publication.attachments[0]


def _picture(snippet: Mapping[str, Any]) -> str | None:
    url: str | None = snippet.get("thumbnails", {}).get("default", {}).get("url")
    return url


def _receipt(credentials: Mapping[str, str], identifier: str) -> Receipt:
    url = f"{_OAUTH.site_of(credentials)}/watch?v={identifier}"
    return Receipt(external_id=identifier, url=url)


provider = YouTube()
