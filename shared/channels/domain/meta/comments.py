"""Follow-ups as comments below a post, which have no key: they are looked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.channels.domain.meta.graph import SLACK, Graph, instant_of
from shared.channels.domain.network_answers import before_publishing
from shared.channels.domain.provider import Http, Preview, Publication, Receipt, ReplyTo


@dataclass(frozen=True, kw_only=True)
class Comments:
    """`posts` is the edge of an account that lists them; then what the fields of a comment are.

    All stand below the root, whatever they follow: answers to comments are hidden below these. A
    comment is shown with its post, so its receipt has the address of that.
    """

    graph: Graph
    posts: str
    words: str
    instant: str

    def preview(self, reply_to: ReplyTo, text: str) -> Preview:
        path = f"/{self.graph.version}/{reply_to.root_id}/comments"
        return Preview(method="POST", path=path, body={"message": text})

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt:
        with before_publishing():
            root = await self._root(http, credentials, publication)
            link = await self.graph.permalink(http, credentials, root)
        form = {"message": publication.text}
        made = await self.graph.make(http, credentials, f"{root}/comments", form)
        return Receipt(external_id=made, url=link or credentials["url"])

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """A comment of the same words since the first attempt, whoever has made it but `taken`."""
        root = await self._root(http, credentials, publication)
        since = publication.first_tried_at - SLACK
        fields = f"id,{self.words},{self.instant}"
        comments = self.graph.listed(
            http, credentials, f"{root}/comments", fields=fields, order="reverse_chronological"
        )
        async for comment in comments:
            if instant_of(comment.get(self.instant)) < since:
                break
            is_meant = str(comment.get(self.words, "")).strip() == publication.text.strip()
            if is_meant and str(comment["id"]) not in publication.taken:
                link = await self.graph.permalink(http, credentials, root)
                return Receipt(external_id=str(comment["id"]), url=link or credentials["url"])
        return None

    async def _root(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> str:
        assert publication.reply_to is not None
        path = f"{credentials['account_id']}/{self.posts}"
        known = publication.reply_to.root_id
        return await self.graph.identified(http, credentials, path, known)
