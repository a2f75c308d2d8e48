"""Calls of the Graph API: what is read, what is made, and lists a page at a time."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.channels.domain.media import File
from shared.channels.domain.meta.answers import said
from shared.channels.domain.network_answers import malformed, otherwise_malformed
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.provider import ErrorClass, Http, ProviderError, Unanswered

SLACK = timedelta(minutes=1)
"""So far may a clock of Meta be behind ours."""
_PAGE = 50
_PAGES = 5


@dataclass(frozen=True, kw_only=True)
class Graph:
    """`renewable`: its tokens expire and can be renewed. `link` is the field of an address."""

    version: str
    renewable: bool = False
    link: str = "permalink"

    def url(self, credentials: Mapping[str, str], path: str) -> str:
        return f"{credentials['server']}/{self.version}/{path}"

    async def read(
        self, http: Http, credentials: Mapping[str, str], path: str, **params: str
    ) -> dict[str, Any]:
        """What is there.

        Raises:
            Refused, Unanswered: of any answer but a success.
        """
        url = self.url(credentials, path)
        answer = await http.request("GET", url, headers=bearing(credentials), params=params)
        return said(answer, renewable=self.renewable)

    async def send(
        self,
        http: Http,
        credentials: Mapping[str, str],
        path: str,
        form: Mapping[str, str],
        files: Mapping[str, File] | None = None,
    ) -> dict[str, Any]:
        """Make something; what is answered about it.

        Raises:
            Refused, Unanswered: of any answer but a success.
        """
        answer = await http.request(
            "POST",
            self.url(credentials, path),
            headers=bearing(credentials),
            form=form,
            files=files,
        )
        return said(answer, renewable=self.renewable)

    async def make(
        self, http: Http, credentials: Mapping[str, str], path: str, form: Mapping[str, str]
    ) -> str:
        """Make something; its id."""
        return id_of(await self.send(http, credentials, path, form))

    async def listed(
        self, http: Http, credentials: Mapping[str, str], path: str, **params: str
    ) -> AsyncIterator[dict[str, Any]]:
        """What a list holds, newest first.

        Raises:
            Unanswered: there is too much to look through.
        """
        asked = {"limit": str(_PAGE), **params}
        for _ in range(_PAGES):
            page = await self.read(http, credentials, path, **asked)
            with otherwise_malformed("A list cannot be understood."):
                entries = [dict(one) for one in page["data"]]
                onwards = ((page.get("paging") or {}).get("cursors") or {}).get("after")
            for entry in entries:
                yield entry
            if len(entries) < _PAGE or not onwards:
                return
            asked["after"] = str(onwards)
        raise Unanswered(ErrorClass.PLATFORM, "TOO_MANY_TO_SEARCH", "Too many since then.")

    async def permalink(self, http: Http, credentials: Mapping[str, str], identifier: str) -> str:
        """The address of a post; empty where it is not told, which undoes nothing."""
        try:
            shown = await self.read(http, credentials, identifier, fields=self.link)
        except ProviderError:
            return ""
        link = shown.get(self.link)
        return link if isinstance(link, str) else ""

    async def identified(
        self, http: Http, credentials: Mapping[str, str], path: str, known: str
    ) -> str:
        """The id of one of the account's posts, listed at `path`, that is known by its address."""
        if "/" not in known:
            return known
        async for post in self.listed(http, credentials, path, fields=f"id,{self.link}"):
            if str(post.get(self.link, "")).rstrip("/") == known.rstrip("/"):
                return str(post["id"])
        return known


def id_of(made: Mapping[str, Any]) -> str:
    identifier = made.get("id")
    if not isinstance(identifier, str) or not identifier:
        raise malformed("The network answered without the id of what it made.")
    return identifier


def instant_of(timestamp: object) -> datetime:
    """Of `2026-07-01T12:00:00+0000`, as Meta writes it."""
    with otherwise_malformed("An instant cannot be understood."):
        return datetime.strptime(str(timestamp), "%Y-%m-%dT%H:%M:%S%z")
