"""What an account has submitted and said, looked through for one of it (reddit.com/dev/api: user).

Lists have the newest first, and show a text or link at once; a picture or a film is missing until
Reddit has worked on it.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from shared.channels.domain.oauth_server import get
from shared.channels.domain.provider import ErrorClass, Http, Publication, Unanswered
from shared.channels.domain.reddit.answers import error_of
from shared.channels.domain.reddit.submission import Target

_get = partial(get, error_of=error_of)
_SLACK = timedelta(minutes=1)
_WORKS = {"image": timedelta(minutes=2), "video": timedelta(minutes=20)}
"""How long Reddit may work on something before it is certain that it never got it."""
_PAGE = "20"
"""Texts are long, and Reddit tells each twice: more may be longer than an answer may be."""
_PAGES = 25


@dataclass(frozen=True, kw_only=True)
class Place:
    """A submission by its name; a comment by that and the name of what it is below."""

    name: str
    link_id: str = ""


async def found_submission(
    http: Http, credentials: Mapping[str, str], publication: Publication, target: Target
) -> Place | None:
    """Raises Unanswered: also where it may be shown later."""
    asked_at = publication.first_tried_at
    async for one, answered_at in _listed(http, credentials, publication, "submitted"):
        asked_at = answered_at
        if one is None:
            break
        is_meant = (
            one["title"] == target.title
            and one["subreddit"].casefold() == target.subreddit.casefold()
            and (target.kind != "self" or _same(one["selftext"], publication.text))
        )
        if is_meant and one["name"] not in publication.taken:
            return Place(name=one["name"])
    patience = _WORKS.get(target.kind.removesuffix("gif"), timedelta())
    is_shown_later = len(publication.attachments) == 1 and "submitted" not in publication.progress
    if is_shown_later and asked_at - publication.first_tried_at < patience:
        words = "Reddit may be working on it still."
        raise Unanswered(ErrorClass.PLATFORM, "STILL_PROCESSING", words)
    return None


async def found_comment(
    http: Http, credentials: Mapping[str, str], publication: Publication, parent: str
) -> Place | None:
    async for one, _ in _listed(http, credentials, publication, "comments"):
        if one is None:
            break
        is_meant = one["parent_id"] == parent and _same(one["body"], publication.text)
        if is_meant and one["name"] not in publication.taken:
            return Place(name=one["name"], link_id=one["link_id"])
    return None


async def _listed(
    http: Http, credentials: Mapping[str, str], publication: Publication, kind: str
) -> AsyncIterator[tuple[dict[str, Any] | None, datetime]]:
    """Each since the first attempt, and when Reddit was asked; nothing at the end of them.

    Raises Unanswered: there are too many to look through.
    """
    path = f"/user/{credentials['username']}/{kind}"
    since = (publication.first_tried_at - _SLACK).timestamp()
    params = {"limit": _PAGE, "sort": "new", "raw_json": "1"}
    for _ in range(_PAGES):
        answer = await _get(http, credentials, path, params)
        page = answer.json()["data"]
        for child in page["children"]:
            if child["data"]["created_utc"] < since:
                yield None, answer.received_at
                return
            yield child["data"], answer.received_at
        if not page.get("after"):
            yield None, answer.received_at
            return
        params["after"] = str(page["after"])
    raise Unanswered(ErrorClass.PLATFORM, "TOO_MANY_TO_SEARCH", "Too many posts since then.")


def _same(shown: str, written: str) -> bool:
    return shown.split() == written.split()
