"""LinkedIn: posts of a person, and of the organizations whose pages they run.

Sources: learn.microsoft.com/linkedin (authorization code flow, programmatic refresh tokens, Sign In
with OpenID Connect, Posts API, Images, Videos and Documents APIs, organization access control and
lookup, versioning, rate limits).
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.linkedin import media
from shared.channels.domain.linkedin.answers import error_of
from shared.channels.domain.linkedin.post import SETTINGS, post_of
from shared.channels.domain.linkedin.text import MAXIMUM, text_length
from shared.channels.domain.media import MediaRules
from shared.channels.domain.network_answers import malformed
from shared.channels.domain.oauth_server import OAuthServer, bearing, get
from shared.channels.domain.oauth_tokens import OWN_APPLICATION, is_renewable
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
    Unanswered,
)
from shared.channels.domain.renewal import Renewal
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


class LinkedIn:
    """Publishes without an idempotency key and cannot look: an uncertain ending stays uncertain.

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
    threads = False
    quotas = (Quota(limit=150, period=timedelta(days=1)),)
    connect_fields = (
        Field(name="server", label="Address of the API", default=_API),
        Field(name="access_token", label="Access token of a member", secret=True),
        *OWN_APPLICATION,
    )
    tokens = ("access_token", "refresh_token")
    recovery: Recovery = "none"
    settings_schema = SETTINGS
    scopes = _OAUTH.scopes

    def count(self, text: str) -> int:
        return text_length(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return media.RULES

    def authorization_url(self, application: Application, authorization: Authorization) -> str:
        return _OAUTH.authorization_url(application, authorization)

    async def exchange(
        self, http: Http, application: Application, authorization: Authorization, code: str
    ) -> Sequence[Account]:
        """The person, then the organizations for which they may post, fifty of them at most.

        The code is spent by then: a page that LinkedIn does not show is left out.
        """
        credentials = await _OAUTH.exchange(http, application, authorization, code)
        person = await _account(http, credentials)
        organizations = await _organizations(http, credentials)
        return [person, *await _pages(http, credentials, organizations[:_OFFERED])]

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Ask whose the access token is; one that has expired is renewed, where that can be."""
        author = {"author": fields["author"]} if "author" in fields else {}
        return await _OAUTH.renewed_once(http, {**_OAUTH.typed(fields), **author}, _account)

    async def refresh(self, http: Http, credentials: Mapping[str, str]) -> Renewal:
        return await _OAUTH.refresh(http, credentials)

    async def revoke(self, http: Http, credentials: Mapping[str, str]) -> None:
        """Nothing: LinkedIn documents no way, and a member's pages all live by the same tokens.

        Whoever wants them ended does so at LinkedIn, among its permitted services.
        """

    def preview(self, publication: Publication) -> Preview:
        urns = [f"<file {number}>" for number, _ in enumerate(publication.attachments, start=1)]
        return Preview(method="POST", path=_POSTS, body=post_of(publication, urns))

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        urns = await media.attached(
            http, credentials, publication.attachments, publication.progress, _VERSION
        )
        if isinstance(urns, Pending):
            return urns
        answer = await http.request(
            "POST",
            f"{credentials['server']}{_POSTS}",
            headers={**bearing(credentials), **_VERSION},
            json={"author": credentials["author"], **post_of(publication, urns)},
        )
        if answer.status != HTTPStatus.CREATED:
            raise error_of(answer, renewable=is_renewable(credentials))
        urn = answer.headers.get("x-restli-id", "")
        if not urn.startswith(("urn:li:share:", "urn:li:ugcPost:")):
            raise malformed("LinkedIn answered without the post it made.")
        return Receipt(external_id=urn, url=f"{_OAUTH.site_of(credentials)}/feed/update/{urn}")

    async def find(
        self,
        http: Http,
        credentials: Mapping[str, str],
        publication: Publication,
    ) -> Receipt | None:
        """It cannot be found out."""
        words = "LinkedIn lets nobody look for a member's posts."
        raise Unanswered(ErrorClass.UNKNOWN, "NOT_SEARCHABLE", words)


async def _account(http: Http, credentials: Mapping[str, str]) -> Account:
    """Whoever `author` names, or the member whose token it is."""
    author = credentials.get("author", "")
    if author.startswith(_ORGANIZATION):
        return await _organization(http, credentials, last_segment(author.replace(":", "/")))
    answer = await _get(http, credentials, "/v2/userinfo")
    try:
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
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise malformed("LinkedIn's answer about the member cannot be understood.") from error


async def _organization(http: Http, credentials: Mapping[str, str], identifier: str) -> Account:
    answer = await _get(http, credentials, f"/rest/organizations/{identifier}")
    try:
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
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise malformed("LinkedIn's answer about the page cannot be understood.") from error


async def _organizations(http: Http, credentials: Mapping[str, str]) -> list[str]:
    """The organizations that the member may post for, at most as many as five pages hold."""
    found: list[str] = []
    for page in range(_PAGES):
        wish = {"q": "roleAssignee", "state": "APPROVED"}
        paging = {"start": str(page * _PAGE), "count": str(_PAGE)}
        answer = await _get(http, credentials, "/rest/organizationAcls", {**wish, **paging})
        try:
            roles = answer.json()["elements"]
            found += [str(one["organization"]) for one in roles if one["role"] in _POSTING]
        except (KeyError, TypeError, ValueError) as error:
            raise malformed("LinkedIn's list of roles cannot be understood.") from error
        if len(roles) < _PAGE:
            break
    return list(dict.fromkeys(found))


async def _pages(
    http: Http, credentials: Mapping[str, str], organizations: Sequence[str]
) -> list[Account]:
    few = asyncio.Semaphore(_AT_ONCE)

    async def page(organization: str) -> Account | None:
        async with few:
            try:
                return await _account(http, {**credentials, "author": organization})
            except Refused:
                return None

    asked = await asyncio.gather(*(page(one) for one in organizations))
    return [account for account in asked if account is not None]


provider = LinkedIn()
