"""LinkedIn: posts of a person, and of the organizations whose pages they run.

Sources: learn.microsoft.com/linkedin (authorization code flow, programmatic refresh tokens, Sign In
with OpenID Connect, Posts API, Images, Videos and Documents APIs, organization access control and
lookup, share statistics, comments, versioning, rate limits).
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from shared.channels.domain.connected_by_oauth import ConnectedByOAuth
from shared.channels.domain.linkedin import comments, media, statistics
from shared.channels.domain.linkedin.answers import NOT_FOUND, error_of
from shared.channels.domain.linkedin.post import SETTINGS, post_of
from shared.channels.domain.linkedin.text import MAXIMUM, text_length
from shared.channels.domain.media import NO_MEDIA, MediaRules
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
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
    Unanswered,
)
from shared.channels.domain.server_address import last_segment

_API = "https://api.linkedin.com"
_POSTS = "/rest/posts"
_VERSION = {"LinkedIn-Version": "202607", "X-Restli-Protocol-Version": "2.0.0"}
"""A version of the API is served for a year at least, then refused with 426."""

_OAUTH = OAuthServer(
    site="https://www.linkedin.com",
    api=_API,
    asks_at="/oauth/v2/authorization",
    gives_at="/oauth/v2/accessToken",
    gives_from="https://www.linkedin.com",
    scopes=(
        "openid",
        "profile",
        "w_member_social",
        "rw_organization_admin",
        "w_organization_social",
    ),
    lives=timedelta(days=60),
    by_header=False,
    challenges=False,
)
_get = partial(get, error_of=error_of, headers=_VERSION)
_PERSON, _ORGANIZATION = "urn:li:person:", "urn:li:organization:"
_POSTING = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN"})
_PAGE = 100
_PAGES = 5
_OFFERED = 50
_AT_ONCE = 5


class LinkedIn(ConnectedByOAuth):
    """Publishes without an idempotency key and cannot look: an uncertain ending stays uncertain.

    Follow-ups are comments on the root.

    Reading a person's posts takes a permission that LinkedIn gives to few (`r_member_social`). That
    it refuses a repeated text as a duplicate proves nothing: it does so, too, of posts that were
    never shown. Who knows is the person.

    An access token lives sixty days. Refresh tokens, for a year, are given to approved partners
    only, and are good for more than one use, so that a lost answer costs nothing. Without one the
    person must connect the account again, and nothing is asked of LinkedIn before that.
    PKCE is for native clients and not sent.

    A member may make 150 calls a day through one application, all pages they run included.
    """

    title = "LinkedIn"
    max_length = MAXIMUM
    counts = "characters; most emoji count 2 or more"
    threads = True
    comment_length = comments.MAXIMUM
    quotas = (Quota(limit=150, period=timedelta(days=1)),)
    connect_fields = (*token_fields(_API, "Access token of a member"), *OWN_APPLICATION)
    recovery: Recovery = "none"
    settings_schema = SETTINGS
    oauth = _OAUTH
    scopes = _OAUTH.scopes

    def count(self, text: str) -> int:
        return text_length(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return media.RULES

    def follow_up_media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return NO_MEDIA

    async def account(self, http: Http, credentials: Mapping[str, str]) -> Account:
        """Whoever `author` names, or the member whose token it is."""
        author = credentials.get("author", "")
        if author.startswith(_ORGANIZATION):
            return await _organization(http, credentials, last_segment(author.replace(":", "/")))
        answer = await _get(http, credentials, "/v2/userinfo")
        with otherwise_malformed("LinkedIn's answer about the member cannot be understood."):
            member = answer.json()
            name = str(member["name"])
            return Account(
                external_id=f"{_PERSON}{member['sub']}",
                username=name,
                display_name=name,
                url=_OAUTH.site_of(credentials),  # OpenID Connect tells no address of the profile
                avatar_url=member.get("picture"),
                credentials={**credentials, "author": f"{_PERSON}{member['sub']}"},
                **_OAUTH.life_of(credentials, answer),
            )

    async def accounts(self, http: Http, credentials: Mapping[str, str]) -> Sequence[Account]:
        """The person, then the organizations for which they may post, fifty of them at most.

        The code is spent by then: a page that LinkedIn does not show is left out.
        """
        person = await self.account(http, credentials)
        organizations = (await _organizations(http, credentials))[:_OFFERED]
        few = asyncio.Semaphore(_AT_ONCE)

        async def page(organization: str) -> Account | None:
            async with few:
                try:
                    return await self.account(http, {**credentials, "author": organization})
                except Refused:
                    return None

        pages = await asyncio.gather(*(page(one) for one in organizations))
        return [person, *(account for account in pages if account is not None)]

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        author = {"author": fields["author"]} if "author" in fields else {}
        return await _OAUTH.renewed_once(http, {**_OAUTH.typed(fields), **author}, self.account)

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Nothing: LinkedIn documents no way, and a member's pages all live by the same tokens.

        Whoever wants them ended does so at LinkedIn, among its permitted services.
        """

    def preview(self, publication: Publication) -> Preview:
        if publication.reply_to:
            root = comments.root_of(publication.reply_to)
            body = comments.comment_of(root, publication.text)
            return Preview(method="POST", path=comments.path_of(root), body=body)
        urns = [f"<file {number}>" for number, _ in enumerate(publication.attachments, start=1)]
        return Preview(method="POST", path=_POSTS, body=post_of(publication, urns))

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        if publication.reply_to:
            root = comments.root_of(publication.reply_to)
            return await _comment(http, credentials, root, publication.text)
        urns = await media.attached(
            http, credentials, publication.attachments, publication.progress, _VERSION
        )
        if isinstance(urns, Pending):
            return urns
        wish = {"author": credentials["author"], **post_of(publication, urns)}
        answer = await _create(http, credentials, _POSTS, wish)
        urn = answer.headers.get("x-restli-id", "")
        if not urn.startswith(("urn:li:share:", "urn:li:ugcPost:")):
            raise malformed("LinkedIn answered without the post it made.")
        return _receipt(credentials, urn, urn)

    async def find(
        self,
        http: Http,
        credentials: Mapping[str, str],
        publication: Publication,
    ) -> Receipt | None:
        """It cannot be found out."""
        words = "LinkedIn lets nobody look for a member's posts."
        raise Unanswered(ErrorClass.UNKNOWN, "NOT_SEARCHABLE", words)

    async def account_metrics(
        self, http: Http, credentials: Mapping[str, str]
    ) -> Mapping[str, int]:
        """Of a page; nothing is told of a person."""
        author = credentials["author"]
        if not author.startswith(_ORGANIZATION):
            return {}
        followers = await _get(http, credentials, statistics.followers_path(author))
        told = await _get(http, credentials, statistics.statistics_path(author))
        return statistics.of_account(followers, told)

    async def post_metrics(
        self, http: Http, credentials: Mapping[str, str], external_id: str
    ) -> Mapping[str, int]:
        """Of a page's post; nothing is told of a person's."""
        author, post = credentials["author"], last_segment(external_id)
        if not author.startswith(_ORGANIZATION):
            return {}
        path = statistics.statistics_path(author, post)
        return statistics.of_post(await _get(http, credentials, path))


async def _create(
    http: Http, credentials: Mapping[str, str], path: str, wish: Mapping[str, Any]
) -> Answer:
    answer = await http.request(
        "POST",
        f"{credentials['server']}{path}",
        headers={**bearing(credentials), **_VERSION},
        json=wish,
    )
    if answer.status != HTTPStatus.CREATED:
        raise error_of(answer, renewable=is_renewable(credentials))
    return answer


async def _comment(http: Http, credentials: Mapping[str, str], root: str, text: str) -> Receipt:
    wish = {"actor": credentials["author"], **comments.comment_of(root, text)}
    try:
        answer = await _create(http, credentials, comments.path_of(root), wish)
    except Refused as refusal:
        if refusal.code != NOT_FOUND:
            raise
        raise Refused(ErrorClass.CONTENT, "PARENT_MISSING", refusal.words) from refusal
    return _receipt(credentials, comments.urn_of(answer), root)


def _receipt(credentials: Mapping[str, str], urn: str, post: str) -> Receipt:
    """A comment is shown with its post."""
    return Receipt(external_id=urn, url=f"{_OAUTH.site_of(credentials)}/feed/update/{post}")


async def _organization(http: Http, credentials: Mapping[str, str], identifier: str) -> Account:
    answer = await _get(http, credentials, f"/rest/organizations/{identifier}")
    with otherwise_malformed("LinkedIn's answer about the page cannot be understood."):
        organization = answer.json()
        name = str(organization["localizedName"])
        vanity = str(organization.get("vanityName") or identifier)
        return Account(
            external_id=f"{_ORGANIZATION}{organization['id']}",
            username=vanity,
            display_name=name,
            url=f"{_OAUTH.site_of(credentials)}/company/{vanity}",
            avatar_url=None,
            credentials={**credentials, "author": f"{_ORGANIZATION}{organization['id']}"},
            kind="organization",
            **_OAUTH.life_of(credentials, answer),
        )


async def _organizations(http: Http, credentials: Mapping[str, str]) -> list[str]:
    """The organizations that the member may post for, at most as many as five pages hold."""
    found: list[str] = []
    for page in range(_PAGES):
        wish = {"q": "roleAssignee", "state": "APPROVED"}
        paging = {"start": str(page * _PAGE), "count": str(_PAGE)}
        answer = await _get(http, credentials, "/rest/organizationAcls", {**wish, **paging})
        with otherwise_malformed("LinkedIn's list of roles cannot be understood."):
            roles = answer.json()["elements"]
            found += [str(one["organization"]) for one in roles if one["role"] in _POSTING]
        if len(roles) < _PAGE:
            break
    return list(dict.fromkeys(found))


provider = LinkedIn()
