"""OAuth 2.0 as Mastodon's servers speak it, where applications register themselves.

Sources: docs.joinmastodon.org (methods/apps, methods/oauth) and mastodon/mastodon, which leaves it
to Doorkeeper. PKCE is checked since 4.3 (pull request 31129); servers before that, and others that
speak the API, pass over its parameters. Tokens last until they are revoked.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.connection_errors import SCOPES_MISSING
from shared.channels.domain.network_answers import error_of, malformed
from shared.channels.domain.provider import Answer, ErrorClass, Http, ProviderError, Refused

NAME = "Luxaris"
"""What a server shows people whom we ask for their consent, and beside each post."""

_JUDGED = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


async def register(
    http: Http, server: str, redirect_uri: str, scopes: Sequence[str]
) -> Application:
    answer = await http.request(
        "POST",
        f"{server}/api/v1/apps",
        form={
            "client_name": NAME,
            "redirect_uris": redirect_uri,
            "scopes": " ".join(scopes),
        },
    )
    told = _told(answer)
    try:
        return Application(
            client_id=told["client_id"], client_secret=told["client_secret"], server=server
        )
    except KeyError as error:
        raise malformed("This server does not answer as Mastodon does.") from error


def consent_url(
    application: Application, authorization: Authorization, scopes: Sequence[str]
) -> str:
    asked = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": authorization.redirect_uri,
        "scope": " ".join(scopes),
        "state": authorization.state,
        "code_challenge": authorization.code_challenge,
        "code_challenge_method": "S256",
    }
    return f"{application.server}/oauth/authorize?{urlencode(asked)}"


async def token_for(
    http: Http,
    application: Application,
    authorization: Authorization,
    code: str,
    scopes: Sequence[str],
) -> str:
    """The access token.

    Raises:
        Refused: class authentication where the code or the application is not good, class
            permission with the code `SCOPES_MISSING`.
        Unanswered: no trustworthy answer.
    """
    answer = await http.request(
        "POST",
        f"{application.server}/oauth/token",
        form={
            "grant_type": "authorization_code",
            "code": code,
            "client_id": application.client_id,
            "client_secret": application.client_secret,
            "redirect_uri": authorization.redirect_uri,
            "code_verifier": authorization.code_verifier,
            "scope": " ".join(scopes),
        },
    )
    told = _told(answer)
    token, granted = told.get("access_token"), told.get("scope")
    if not isinstance(token, str) or not token:
        raise malformed("This server answered without a token.")
    if isinstance(granted, str):  # nothing is said of it where it is what was asked for
        missing = [scope for scope in scopes if not _is_within(scope, granted.split())]
        if missing:
            words = f"{', '.join(missing)} was not allowed."
            raise Refused(ErrorClass.PERMISSION, SCOPES_MISSING, words)
    return token


async def revoke(http: Http, application: Application, token: str) -> None:
    answer = await http.request(
        "POST",
        f"{application.server}/oauth/revoke",
        form={
            "client_id": application.client_id,
            "client_secret": application.client_secret,
            "token": token,
        },
    )
    if answer.status != HTTPStatus.OK:
        raise _error(answer)


def _is_within(scope: str, granted: Sequence[str]) -> bool:
    """``write`` is all of ``write:statuses`` and more."""
    return scope in granted or scope.partition(":")[0] in granted


def _told(answer: Answer) -> dict[str, Any]:
    if answer.status != HTTPStatus.OK:
        raise _error(answer)
    try:
        told = answer.json()
    except ValueError as error:
        raise malformed("This server does not answer as Mastodon does.") from error
    if not isinstance(told, dict):
        raise malformed("This server does not answer as Mastodon does.")
    return told


def _error(answer: Answer) -> ProviderError:
    """Doorkeeper's words, or those of the API."""
    try:
        said = answer.json()
        words = str(said.get("error_description") or said["error"])
    except (AttributeError, KeyError, TypeError, ValueError):
        words = f"HTTP {answer.status}"
    if answer.status in _JUDGED:
        return Refused(ErrorClass.AUTHENTICATION, "CONSENT_REFUSED", words)
    return error_of(answer, words)
