"""Reddit: submissions to subreddits and to one's own profile, and comments below them.

Sources: reddit.com/dev/api, the wiki of reddit-archive/reddit (OAuth2, API rules), praw-dev/praw.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from shared.channels.domain.connected_by_oauth import ConnectedByOAuth
from shared.channels.domain.media import NO_MEDIA, MediaRules
from shared.channels.domain.metrics import counted
from shared.channels.domain.network_answers import malformed, under_way
from shared.channels.domain.oauth_server import OAuthServer, bearing, get
from shared.channels.domain.oauth_tokens import OWN_APPLICATION, is_renewable, token_fields
from shared.channels.domain.provider import (
    Account,
    Answer,
    ErrorClass,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
)
from shared.channels.domain.reddit.answers import allowance_of, error_of, refusal_within
from shared.channels.domain.reddit.media import files_of, uploaded
from shared.channels.domain.reddit.own_posts import Place, found_comment, found_submission
from shared.channels.domain.reddit.submission import (
    COMMENT,
    MAXIMUM,
    MEDIA,
    SETTINGS,
    Target,
    demand_media,
    form_of,
    fullname,
    gallery_of,
    target_of,
)
from shared.channels.domain.reddit.tools import TOOLS, answer_of
from shared.channels.domain.upload_time import UploadTime

_API = "https://oauth.reddit.com"
_SUBMIT, _GALLERY, _COMMENT = "/api/submit", "/api/submit_gallery_post.json", "/api/comment"
_OAUTH = OAuthServer(
    site="https://www.reddit.com",
    api=_API,
    asks_at="/api/v1/authorize",
    gives_from="https://www.reddit.com",
    gives_at="/api/v1/access_token",
    takes_back_at="/api/v1/revoke_token",
    scopes=("identity", "read", "submit", "flair", "history", "mysubreddits"),
    lives=timedelta(hours=24),
    by_header=True,
    challenges=False,
    asks_besides={"duration": "permanent"},
)
_get = partial(get, error_of=error_of)
_AT_ONCE, _LOOKS_AGAIN = timedelta(seconds=1), timedelta(seconds=5)


class Reddit(ConnectedByOAuth):
    """Publishes without an idempotency key, which Reddit has not; own submissions are looked for.

    A picture or a film is shown some time after it was submitted, and only then has an id. So what
    was submitted is told by `Pending`, and then looked for; whether it was at all is known for
    certain no sooner than Reddit would have shown it.

    An access token lives a day, a refresh token until it is revoked; one is good for many uses.
    """

    title = "Reddit"
    max_length = MAXIMUM
    comment_length = COMMENT
    counts = "characters"
    threads = True
    quotas = (Quota(limit=1000, period=timedelta(minutes=10)),)
    connect_fields = (*token_fields(_API), *OWN_APPLICATION)
    recovery: Recovery = "search"
    settings_schema = SETTINGS
    oauth = _OAUTH
    scopes = _OAUTH.scopes
    tools = TOOLS

    def count(self, text: str) -> int:
        return len(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return MEDIA

    def follow_up_media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return NO_MEDIA

    async def account(self, http: Http, credentials: Mapping[str, str]) -> Account:
        answer = await _get(http, credentials, "/api/v1/me", {"raw_json": "1"})
        me = answer.json()
        return Account(
            external_id=me["id"],
            username=f"u/{me['name']}",
            display_name=(me.get("subreddit") or {}).get("title") or me["name"],
            url=f"{_OAUTH.site_of(credentials)}/user/{me['name']}/",
            avatar_url=me.get("icon_img"),
            credentials={**credentials, "username": me["name"]},
            **_OAUTH.life_of(credentials, answer),
        )

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """The refresh token takes the others along."""
        kept = "refresh_token" if is_renewable(credentials) else "access_token"
        await _OAUTH.revoke(http, credentials, [kept])

    def preview(self, publication: Publication) -> Preview:
        if publication.reply_to:
            return Preview(method="POST", path=_COMMENT, body=_comment(publication))
        target = target_of(publication, "<account>")
        if len(publication.attachments) > 1:
            names = [f"<picture {place + 1}>" for place in range(len(publication.attachments))]
            body = gallery_of(publication, target, names)
            return Preview(method="POST", path=_GALLERY, body=body)
        urls = ["<file>"] if publication.attachments else []
        return Preview(method="POST", path=_SUBMIT, body=form_of(publication, target, urls))

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        if publication.reply_to:
            form = _comment(publication)
            answer = await _post(http, credentials, _COMMENT, form=form)
            (thing,) = answer.json()["json"]["data"]["things"]
            data = thing["data"]
            return _receipt(credentials, answer, _place(str(data["name"]), str(data["link_id"])))
        target = target_of(publication, credentials["username"])
        demand_media(publication, target.kind)
        if not publication.attachments:
            form = form_of(publication, target, [])
            answer = await _post(http, credentials, _SUBMIT, form=form)
            return _receipt(credentials, answer, _place(_name(answer)))
        if "submitted" in publication.progress:
            with under_way():
                place = await found_submission(http, credentials, publication, target)
            return _at(credentials, place) if place else _submitted(publication)
        files = files_of(publication.attachments)
        leased = publication.progress.get("files", "").split()
        if len(leased) < len(files):
            time, is_gallery = UploadTime(), len(publication.attachments) > 1
            for file in files[len(leased) :]:
                lease = await uploaded(http, credentials, file)
                leased.append(lease.asset_id if is_gallery else f"{lease.asset_id},{lease.url}")
                if time.is_over:
                    break
            return Pending(progress={"files": " ".join(leased)}, check_after=_AT_ONCE)
        return await _submit(http, credentials, publication, target, leased)

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """What the account submitted since the first attempt, of the same words and place."""
        if publication.reply_to:
            parent = fullname(publication.reply_to.parent_id)
            place = await found_comment(http, credentials, publication, parent)
            return _at(credentials, place) if place else None
        target = target_of(publication, credentials["username"])
        is_begun = "files" in publication.progress or not publication.attachments
        place = await found_submission(http, credentials, publication, target) if is_begun else None
        return _at(credentials, place) if place else None

    async def use_tool(
        self, http: Http, credentials: Mapping[str, str], name: str, arguments: Mapping[str, Any]
    ) -> Any:
        return await answer_of(http, credentials, name, arguments)

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        me = (await _get(http, credentials, "/api/v1/me")).json()
        followers = (me.get("subreddit") or {}).get("subscribers", 0)
        names = ("total_karma", "link_karma", "comment_karma")
        return {"followers": followers, **{name: int(me.get(name, 0)) for name in names}}

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        params = {"id": fullname(external_id), "raw_json": "1"}
        listed = (await _get(http, credentials, "/api/info", params)).json()["data"]["children"]
        if not listed:
            raise Refused(ErrorClass.CONTENT, "POST_MISSING", "There is no such post.")
        told = listed[0]["data"]
        names = {"score": "likes", "num_comments": "replies", "num_crossposts": "reposts"}
        return counted(told, names)


async def _submit(
    http: Http,
    credentials: Mapping[str, str],
    publication: Publication,
    target: Target,
    leased: Sequence[str],
) -> Receipt | Pending:
    """A gallery has an id at once, a picture or a film when Reddit has worked on it."""
    if len(publication.attachments) > 1:
        wish = gallery_of(publication, target, leased)
        answer = await _post(http, credentials, _GALLERY, json=wish)
        identifier = answer.json()["json"]["data"]["id"]
        return _receipt(credentials, answer, _place(str(identifier)))
    urls = [each.partition(",")[2] for each in leased]
    answer = await _post(http, credentials, _SUBMIT, form=form_of(publication, target, urls))
    if not isinstance(answer.json()["json"]["data"], dict):
        raise malformed("Reddit answered without what it took.")
    return _submitted(publication, answer)


def _submitted(publication: Publication, answer: Answer | None = None) -> Pending:
    return Pending(
        progress={**publication.progress, "submitted": "yes"},
        check_after=_LOOKS_AGAIN,
        is_under_way=True,
        allowance=allowance_of(answer) if answer else None,
    )


async def _post(
    http: Http,
    credentials: Mapping[str, str],
    path: str,
    *,
    form: Mapping[str, str] | None = None,
    json: Any = None,
) -> Answer:
    url = f"{credentials['server']}{path}"
    answer = await http.request("POST", url, headers=bearing(credentials), form=form, json=json)
    error = refusal_within(answer)
    if error or answer.status != HTTPStatus.OK:
        raised = error or error_of(answer, renewable=is_renewable(credentials))
        raised.allowance = raised.allowance or allowance_of(answer)
        raise raised
    return answer


def _comment(publication: Publication) -> dict[str, str]:
    assert publication.reply_to
    parent = fullname(publication.reply_to.parent_id)
    return {"api_type": "json", "thing_id": parent, "text": publication.text}


def _name(answer: Answer) -> str:
    return str(answer.json()["json"]["data"]["name"])


def _place(name: str, link_id: str = "") -> Place:
    if not name.startswith(("t1_", "t3_")):
        raise malformed("Reddit answered with a name that is none.")
    return Place(name=name, link_id=link_id)


def _receipt(credentials: Mapping[str, str], answer: Answer, place: Place) -> Receipt:
    return _at(credentials, place, allowance_of(answer))


def _at(credentials: Mapping[str, str], place: Place, allowance: Any = None) -> Receipt:
    """The shortest of the addresses that Reddit knows."""
    site = _OAUTH.site_of(credentials)
    url = f"{site}/comments/{place.name[3:]}/"
    if place.link_id:
        url = f"{site}/comments/{place.link_id[3:]}/_/{place.name[3:]}/"
    return Receipt(external_id=place.name, url=url, allowance=allowance)


provider = Reddit()
