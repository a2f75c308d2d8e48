"""Publishing by containers, as Instagram and Threads do: made, worked on, then published once.

Sources: developers.facebook.com (Instagram Platform: content publishing, `IG Container`; Threads
API: posts, troubleshooting).

A container is made from words and addresses that the network fetches from, and shows nothing yet.
It can be published one time, and says ever after that it was. So its id is the key: it is told by
`Pending` before it is used, and whoever does not know whether publishing arrived asks it. Those
that are never published are gone after a day.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.channels.domain.meta.answers import said
from shared.channels.domain.meta.graph import SLACK, Graph, instant_of
from shared.channels.domain.network_answers import before_publishing, malformed
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.provider import (
    Allowance,
    ErrorClass,
    Http,
    Pending,
    Publication,
    Receipt,
    Refused,
    Unanswered,
)

_SOON = timedelta(seconds=1)
"""Words and pictures are ready by then, for the most part."""
_LATER = timedelta(seconds=10)
_LOOK_AGAIN = timedelta(hours=1)
"""A day's posts are counted back from now: each of them is forgotten at an hour of its own."""

Fields = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Containers:
    """What differs between the two: the edges of an account, and the fields of what they answer.

    `status` of a container, and the `reason` for it; the `words` of a post, if it
    has any. `limit` is where a day's
    posts are counted, by `usage` of what `config` allows.
    """

    graph: Graph
    made_at: str
    listed_at: str
    published_at: str
    status: str
    reason: str
    limit: str
    usage: str
    config: str
    words: str

    async def publish(
        self,
        http: Http,
        credentials: Mapping[str, str],
        publication: Publication,
        *,
        items: Sequence[Fields],
        whole: Callable[[Sequence[str]], Fields],
        parent: str = "",
    ) -> Receipt | Pending:
        """One step on the way: the items of a carousel, the container, its publication.

        `items` are the fields of those that need containers of their own, and `whole` makes those
        of the container that is published from the ids of theirs.
        """
        progress = publication.progress
        if "container" in progress:
            return await self._finish(http, credentials, publication, parent)
        if items and "items" not in progress:
            with before_publishing():
                await self._demand_allowance(http, credentials)
                made = await asyncio.gather(*(self._make(http, credentials, one) for one in items))
            return Pending(progress={"items": ",".join(made)}, check_after=_SOON)
        children = progress["items"].split(",") if items else []
        with before_publishing():
            if not items:
                await self._demand_allowance(http, credentials)
            ready = await asyncio.gather(
                *(self._is_ready(http, credentials, one) for one in children)
            )
            if "gone" in ready:
                return Pending(progress={}, check_after=_SOON)
            if "working" in ready:
                return Pending(progress=progress, check_after=_LATER)
            container = await self._make(http, credentials, whole(children))
        return Pending(progress={"container": container}, check_after=_SOON)

    async def find(
        self,
        http: Http,
        credentials: Mapping[str, str],
        publication: Publication,
        *,
        parent: str = "",
    ) -> Receipt | None:
        """What was published from the container that `progress` knows.

        Without one nothing was: it is told of before it is published. Of a network with replies
        `parent` is what it replies to, which is a field of theirs.

        Raises:
            Unanswered: it was published, and is not shown yet.
        """
        container = publication.progress.get("container")
        if container is None:
            return None
        shown = await self._shown(http, credentials, container)
        if shown.get(self.status) != "PUBLISHED":
            return None
        since = publication.first_tried_at - SLACK
        path = f"{credentials['account_id']}/{self.listed_at}"
        replied = "replied_to" if parent else ""
        fields = ",".join(filter(None, ("id", self.words, "timestamp", replied)))
        async for post in self.graph.listed(http, credentials, path, fields=fields):
            if instant_of(post.get("timestamp")) < since:
                break
            words = str(post.get(self.words) or "").strip()
            is_meant = not self.words or words == publication.text.strip()
            if parent and (post.get("replied_to") or {}).get("id") != parent:
                continue
            if is_meant and str(post["id"]) not in publication.taken:
                return await self._receipt(http, credentials, str(post["id"]))
        words = "It was published, but is not among the posts of the account yet."
        raise Unanswered(ErrorClass.PLATFORM, "NOT_SHOWN_YET", words)

    async def _finish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication, parent: str
    ) -> Receipt | Pending:
        container = publication.progress["container"]
        with before_publishing():
            state = await self._is_ready(http, credentials, container)
        match state:
            case "gone":
                return Pending(progress={}, check_after=_SOON)
            case "working":
                return Pending(progress=publication.progress, check_after=_LATER)
            case "published":
                found = await self.find(http, credentials, publication, parent=parent)
                assert found is not None
                return found
        with before_publishing():
            before = await self._allowance(http, credentials)
        path = f"{credentials['account_id']}/{self.published_at}"
        try:
            identifier = await self.graph.make(http, credentials, path, {"creation_id": container})
        except Refused as refusal:
            _spell_out(refusal, before)
            raise
        left = replace(before, remaining=before.remaining - 1) if before else None
        return replace(await self._receipt(http, credentials, identifier), allowance=left)

    async def _receipt(
        self, http: Http, credentials: Mapping[str, str], identifier: str
    ) -> Receipt:
        """A story that is over has no address, and neither has what is not told of."""
        link = await self.graph.permalink(http, credentials, identifier)
        return Receipt(external_id=identifier, url=link or credentials["url"])

    async def _make(self, http: Http, credentials: Mapping[str, str], fields: Fields) -> str:
        path = f"{credentials['account_id']}/{self.made_at}"
        return await self.graph.make(http, credentials, path, fields)

    async def _is_ready(self, http: Http, credentials: Mapping[str, str], container: str) -> str:
        """`ready`, `working`, `published`, or `gone`: it must be made anew.

        Raises:
            Refused: class media; the network could not do anything with what it fetched.
        """
        answer = await self._shown(http, credentials, container)
        match answer.get(self.status):
            case "FINISHED":
                return "ready"
            case "IN_PROGRESS":
                return "working"
            case "PUBLISHED":
                return "published"
            case "EXPIRED":
                return "gone"
            case "ERROR":
                words = str(answer.get(self.reason) or "The network could not use the media.")
                raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
        raise malformed("The network says nothing of a container that can be understood.")

    async def _shown(
        self, http: Http, credentials: Mapping[str, str], container: str
    ) -> Mapping[str, object]:
        fields = f"id,{self.status},{self.reason}"
        return await self.graph.read(http, credentials, container, fields=fields)

    async def _demand_allowance(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Nothing is made for a day that is full.

        Raises:
            Refused: class rate limit.
        """
        allowance = await self._allowance(http, credentials)
        if allowance is not None and allowance.remaining == 0:
            words = "The network takes no more posts of this account in twenty-four hours."
            refusal = Refused(ErrorClass.RATE_LIMIT, "RATE_LIMITED", words)
            _spell_out(refusal, allowance)
            raise refusal

    async def _allowance(self, http: Http, credentials: Mapping[str, str]) -> Allowance | None:
        """What the account may still publish, by its own count; nothing where that says nothing."""
        url = self.graph.url(credentials, f"{credentials['account_id']}/{self.limit}")
        asked = {"fields": f"{self.usage},{self.config}"}
        answer = await http.request("GET", url, headers=bearing(credentials), params=asked)
        try:
            counted = said(answer, renewable=self.graph.renewable)["data"][0]
            left = int(counted[self.config]["quota_total"]) - int(counted[self.usage])
        except (IndexError, KeyError, TypeError, ValueError):
            return None
        return Allowance(
            remaining=max(0, left),
            observed_at=answer.received_at,
            resets_at=answer.received_at + _LOOK_AGAIN,
        )


def _spell_out(refusal: Refused, allowance: Allowance | None) -> None:
    """Of a day that is full the network tells no end."""
    if refusal.error_class is not ErrorClass.RATE_LIMIT or refusal.retry_after is not None:
        return
    refusal.retry_after = _LOOK_AGAIN.total_seconds()
    if allowance is not None:
        refusal.allowance = replace(allowance, remaining=0)
