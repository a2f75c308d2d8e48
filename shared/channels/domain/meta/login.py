"""Facebook Login, for pages and for the Instagram accounts that belong to them.

Sources: developers.facebook.com (Facebook Login: manual flow, long-lived tokens; Pages API: tokens,
`/me/accounts`, tasks).

A person's token is exchanged for one of sixty days; the tokens of their pages that are asked for
with that one do not expire at all. They end when the person changes their password or takes the
application's permissions away; then only they can help.
"""

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.meta.answers import error_of, said
from shared.channels.domain.meta.graph import Graph
from shared.channels.domain.network_answers import malformed, otherwise_malformed
from shared.channels.domain.oauth_server import OAuthServer
from shared.channels.domain.oauth_tokens import SCOPES_MISSING, token_fields
from shared.channels.domain.provider import (
    Answer,
    ErrorClass,
    Http,
    ProviderError,
    Refused,
)

SITE = "https://www.facebook.com"
API = "https://graph.facebook.com"
VERSION = "v24.0"
"""A version is served for two years at least; later ones answer in its place after that."""

CONNECT_FIELDS = token_fields(API, "Access token of the page")

_WRONG_APPLICATION = ("client secret", "client_secret", "validating application", "client_id")
"""Of these Meta speaks, under codes that mean other things too, where we are not known."""
GRAPH = Graph(version=VERSION)
_POSTING = frozenset({"CREATE_CONTENT", "MANAGE"})


def login(scopes: tuple[str, ...]) -> OAuthServer:
    return OAuthServer(
        site=SITE,
        api=API,
        asks_at=f"/{VERSION}/dialog/oauth",
        gives_at=f"/{VERSION}/oauth/access_token",
        scopes=scopes,
        lives=None,
        by_header=False,
        challenges=False,
    )


async def pages_of_person(
    http: Http,
    application: Application,
    authorization: Authorization,
    code: str,
    *,
    scopes: tuple[str, ...],
    fields: str,
) -> tuple[str, list[dict[str, Any]]]:
    """The server, and the pages that the person may post for, `fields` and tokens of each.

    Raises:
        Refused, Unanswered: as `Authorizable.exchange` says.
    """
    server = application.server or API
    client = {"client_id": application.client_id, "client_secret": application.client_secret}
    person = await token_of(
        http,
        f"{server}/{VERSION}/oauth/access_token",
        {**client, "redirect_uri": authorization.redirect_uri, "code": code},
    )
    demand_scopes(await _granted(http, server, person), scopes)
    lasting = await token_of(
        http,
        f"{server}/{VERSION}/oauth/access_token",
        {**client, "grant_type": "fb_exchange_token", "fb_exchange_token": person},
    )
    return server, await _pages(http, {"server": server, "access_token": lasting}, fields)


async def page_of_token(http: Http, credentials: Mapping[str, str], fields: str) -> dict[str, Any]:
    """The page whose token was typed.

    Raises:
        Refused: class authentication where it is a person's: they lack the fields of a page.
    """
    try:
        return await GRAPH.read(http, credentials, "me", fields=fields)
    except Refused as refusal:
        if refusal.error_class is not ErrorClass.CONTENT:
            raise
        words = f"This is not the token of a page. {refusal.words}"
        raise Refused(ErrorClass.AUTHENTICATION, "NOT_A_PAGE", words) from refusal


async def token_of(http: Http, url: str, form: Mapping[str, str]) -> str:
    """The access token that a code or another token is exchanged for."""
    answer = await http.request("POST", url, form=form)
    if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
        raise refusal_of(answer)
    token = said(answer).get("access_token")
    if not isinstance(token, str) or not token:
        raise malformed("The tokens given cannot be understood.")
    return token


def refusal_of(answer: Answer) -> ProviderError:
    """A no to our application, which ends no connection, or else to what it brought."""
    error = error_of(answer)
    if any(part in error.words.lower() for part in _WRONG_APPLICATION):
        return Refused(ErrorClass.PLATFORM, "APPLICATION_REFUSED", error.words)
    if error.error_class in {ErrorClass.CONTENT, ErrorClass.AUTHENTICATION}:
        return Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", error.words)
    return error


def demand_scopes(given: object, scopes: Sequence[str]) -> None:
    """People are asked for each permission, and may leave some out."""
    if not isinstance(given, Collection):
        raise malformed("The permissions given cannot be understood.")
    missing = [scope for scope in scopes if scope not in given]
    if missing:
        words = f"Not granted: {', '.join(missing)}"
        raise Refused(ErrorClass.PERMISSION, SCOPES_MISSING, words)


async def _granted(http: Http, server: str, token: str) -> set[str]:
    shown = await GRAPH.read(http, {"server": server, "access_token": token}, "me/permissions")
    with otherwise_malformed("The permissions given cannot be understood."):
        return {one["permission"] for one in shown["data"] if one["status"] == "granted"}


async def _pages(http: Http, credentials: Mapping[str, str], fields: str) -> list[dict[str, Any]]:
    asked = f"access_token,tasks,{fields}"
    pages = [page async for page in GRAPH.listed(http, credentials, "me/accounts", fields=asked)]
    return [page for page in pages if _POSTING & set(page.get("tasks") or ())]
