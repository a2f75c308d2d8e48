"""WordPress: posts, pages and other types of a site.

Sources: developer.wordpress.org/rest-api (posts, media, types, terms, authentication by application
passwords).
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from shared.channels.domain.media import MediaRules
from shared.channels.domain.network_answers import allowance_of, otherwise_malformed
from shared.channels.domain.provider import (
    Account,
    ErrorClass,
    Field,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
)
from shared.channels.domain.reading import ask, read
from shared.channels.domain.server_address import base_url, last_segment
from shared.channels.domain.tools import Tool
from shared.channels.domain.wordpress.answers import error_of
from shared.channels.domain.wordpress.media import RULES, uploaded
from shared.channels.domain.wordpress.post import MAXIMUM, SETTINGS, path_of, post_of, slug_of

_API = "/wp-json"
_PAGE = 100
_TERMS = ("categories", "tags")
_NOT_WRITTEN = frozenset({"attachment", "nav_menu_item"})


def _headers(credentials: Mapping[str, str]) -> dict[str, str]:
    pair = f"{credentials['username']}:{credentials['application_password']}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


_ask = partial(ask, server="site", below=_API, headers=_headers, error_of=error_of)
_read = partial(
    read,
    server="site",
    below=_API,
    headers=_headers,
    error_of=error_of,
    unless="This site does not answer as WordPress does.",
)


class WordPress:
    """Publishes under a slug of ours, by which an uncertain post is looked for.

    A site takes the same slug twice and changes the second, so that a repeat is another post:
    whoever is not sure looks first. Files go into the site's library before, under slugs as well.

    A site has no limits of its own making; what is before it may have some, and says so by 429.
    """

    title = "WordPress"
    max_length = MAXIMUM
    counts = "characters"
    threads = False
    quotas: tuple[Quota, ...] = ()
    connect_fields = (
        Field(name="site", label="Address of the site, such as https://blog.example"),
        Field(name="username", label="User name"),
        Field(
            name="application_password",
            label="Application password, from the user's profile",
            secret=True,
        ),
    )
    tokens = ()
    recovery: Recovery = "search"
    settings_schema = SETTINGS
    tools: Mapping[str, Tool] = {
        "post_types": Tool(title="Types", description="Types of posts that the site has"),
        **{
            name: Tool(
                title=name.capitalize(),
                description=f"The site's {name}, the most used first",
                arguments={
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "search": {
                            "title": "Search",
                            "description": "Part of a name",
                            "type": "string",
                            "maxLength": 100,
                        }
                    },
                },
            )
            for name in _TERMS
        },
    }

    def count(self, text: str) -> int:
        return len(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return RULES

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Ask who the user is, and what the site is called."""
        credentials = {
            "site": base_url(fields["site"]),
            "username": fields["username"].strip(),
            "application_password": fields["application_password"].strip(),
        }
        user = await _read(http, credentials, "/wp/v2/users/me", {"context": "edit"})
        site = await _read(http, credentials, "/")
        with otherwise_malformed("This site does not answer as WordPress does."):
            host = urlsplit(credentials["site"]).netloc
            avatars = user.get("avatar_urls") or {}
            return Account(
                external_id=f"{user['id']}@{host}",
                username=str(user.get("username") or user["slug"]),
                display_name=f"{user['name']}, {site['name']}",
                url=str(site.get("home") or credentials["site"]),
                avatar_url=avatars.get("96"),
                credentials={**credentials, "user_id": str(user["id"])},
            )

    def preview(self, publication: Publication) -> Preview:
        """Without its files: the site must be given these first."""
        path = f"{_API}{path_of(publication)}"
        return Preview(method="POST", path=path, body=post_of(publication))

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        if self.count(publication.text) > MAXIMUM:
            words = f"A text may have {MAXIMUM} characters."
            raise Refused(ErrorClass.CONTENT, "CONTENT_TOO_LONG", words)
        headers, files = _headers(credentials), []
        if publication.attachments:
            there = await uploaded(http, credentials["site"], headers, publication)
            if isinstance(there, Pending):
                return there
            files = there
        answer = await http.request(
            "POST",
            f"{credentials['site']}{_API}{path_of(publication)}",
            headers=headers,
            json=post_of(publication, files),
        )
        allowance = allowance_of(answer)
        if answer.status != HTTPStatus.CREATED:
            error = error_of(answer)
            error.allowance = allowance
            raise error
        with otherwise_malformed("WordPress answered without the post it made."):
            return replace(_receipt(answer.json()), allowance=allowance)

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        wanted = {"slug": slug_of(publication), "status": "any", "context": "edit"}
        found = await _read(http, credentials, path_of(publication), wanted)
        with otherwise_malformed("WordPress's list of posts cannot be understood."):
            return _receipt(found[0]) if found else None

    async def use_tool(
        self,
        http: Http,
        credentials: Mapping[str, str],
        name: str,
        arguments: Mapping[str, Any],
    ) -> Any:
        if name in _TERMS:
            most_used = {"per_page": str(_PAGE), "orderby": "count", "order": "desc"}
            search = {"search": arguments["search"]} if arguments.get("search") else {}
            found = await _read(http, credentials, f"/wp/v2/{name}", {**most_used, **search})
            return [
                {"id": one["id"], "name": one["name"], "posts": one.get("count", 0)}
                for one in found
            ]
        types = await _read(http, credentials, "/wp/v2/types", {"context": "edit"})
        return [
            {"id": one["rest_base"], "name": one["name"]}
            for slug, one in types.items()
            if slug not in _NOT_WRITTEN and not slug.startswith("wp_")
        ]

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        by_user = {"author": credentials["user_id"]}
        return {"posts": await _total(http, credentials, "/wp/v2/posts", by_user)}

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        of_post = {"post": last_segment(external_id)}
        return {"replies": await _total(http, credentials, "/wp/v2/comments", of_post)}


def _receipt(post: Mapping[str, Any]) -> Receipt:
    identifier, link = post["id"], post["link"]
    if not isinstance(identifier, int) or not isinstance(link, str):
        raise TypeError("a post has an id and a link")
    return Receipt(external_id=str(identifier), url=link)


async def _total(
    http: Http, credentials: Mapping[str, str], path: str, params: Mapping[str, str]
) -> int:
    """How many there are of what is listed."""
    answer = await _ask(http, credentials, path, {**params, "per_page": "1"})
    return int(answer.headers["x-wp-total"])


provider = WordPress()
