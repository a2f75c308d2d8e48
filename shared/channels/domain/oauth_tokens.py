"""Tokens, as the token endpoints of OAuth 2.0 give and refuse them (RFC 6749, section 5)."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from shared.channels.domain.authorization import Application
from shared.channels.domain.network_answers import error_of, malformed
from shared.channels.domain.provider import Answer, ErrorClass, Field, ProviderError, Refused


def token_fields(api: str, label: str = "Access token") -> tuple[Field, ...]:
    """What a person types who has got a token for an `api`."""
    return (
        Field(name="server", label="Address of the API", default=api),
        Field(name="access_token", label=label, secret=True),
    )


OWN_APPLICATION = (
    Field(name="refresh_token", label="Refresh token", secret=True, optional=True),
    Field(name="own_client_id", label="Client id of your own application", optional=True),
    Field(
        name="own_client_secret",
        label="Client secret of your own application",
        secret=True,
        optional=True,
    ),
)
"""What renews an access token that a person has got by an application of their own."""

SCOPES_MISSING = "SCOPES_MISSING"
"""The code of a refusal by which a person has allowed less than was asked for."""

_KEPT = ("access_token", "expires_at", "client_id", "client_secret")
_LONGEST = timedelta(days=3650)
_JUDGED_CLIENTS = frozenset({"invalid_client", "unauthorized_client"})
_REFUSED = frozenset({HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED})
"""TikTok refuses with a 200."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """An application before a token endpoint; `is_own` where it is the person's own, not ours."""

    id: str
    secret: str = field(repr=False)
    is_own: bool = False

    @property
    def basic(self) -> str:
        """The header that proves it, form-encoded as section 2.3.1 demands."""
        pair = f"{quote(self.id, safe='')}:{quote(self.secret, safe='')}"
        return f"Basic {b64encode(pair.encode()).decode()}"


def client_of(credentials: Mapping[str, str]) -> Client:
    """The application that credentials were given to.

    Raises:
        Refused: class platform, `APPLICATION_MISSING`; nobody has set ours up, or not any more.
    """
    own = credentials.get("own_client_id"), credentials.get("own_client_secret")
    if own[0] and own[1]:
        return Client(id=own[0], secret=own[1], is_own=True)
    ours = credentials.get("client_id"), credentials.get("client_secret")
    if ours[0] and ours[1]:
        return Client(id=ours[0], secret=ours[1])
    words = "No application is set up for this network."
    raise Refused(ErrorClass.PLATFORM, "APPLICATION_MISSING", words)


def registered(application: Application) -> Client:
    return Client(id=application.client_id, secret=application.client_secret)


def typed_tokens(fields: Mapping[str, str]) -> dict[str, str]:
    """Of credentials, those that belong to tokens; a blank one was left out."""
    names = (*_KEPT, *(one.name for one in OWN_APPLICATION))
    return {name: fields[name].strip() for name in names if fields.get(name, "").strip()}


def tokens_of(
    answer: Answer,
    *,
    client: Client,
    lives: timedelta | None,
    scopes: Sequence[str] = (),
    nested: bool = False,
) -> dict[str, str]:
    """The tokens given, and when the access token expires.

    It is taken to live as long as `lives` where nothing is said; without that it never expires, and
    nothing but it is given. A scope is missing only where the answer tells of scopes: without a
    word, what was asked for is granted (section 5.1). `nested`: see `OAuthServer.nests`.

    Raises:
        Refused: class authentication where the code or token is not good; class permission,
            `SCOPES_MISSING`; class platform, `APPLICATION_REFUSED`, where it is our application.
        Unanswered: no trustworthy answer.
    """
    if answer.status != HTTPStatus.OK:
        raise refusal_of(answer, client=client)
    given = _object(answer)
    if given.get("error"):
        raise refusal_of(answer, client=client)
    access_token, seconds = given.get("access_token"), given.get("expires_in")
    if not isinstance(access_token, str) or not access_token:
        raise malformed("The tokens given cannot be understood.")
    _demand_scopes(given.get("scope"), scopes, nested=nested)
    if lives is None:
        return {"access_token": access_token}
    life = lives if seconds is None else _life(seconds)
    if life is None:
        raise malformed("The tokens given cannot be understood.")
    refresh_token = given.get("refresh_token")
    return {
        "access_token": access_token,
        "expires_at": (answer.received_at + life).isoformat(),
        **({"refresh_token": refresh_token} if refresh_token and _is_text(refresh_token) else {}),
    }


def is_renewable(credentials: Mapping[str, str]) -> bool:
    return "refresh_token" in credentials


def expiry_of(credentials: Mapping[str, str], otherwise: datetime) -> datetime:
    """When the access token expires, as it was said when it was given."""
    try:
        return datetime.fromisoformat(credentials["expires_at"])
    except (KeyError, ValueError):
        return otherwise


def refusal_of(answer: Answer, *, client: Client) -> ProviderError:
    """An endpoint's no: to the application, which ends no connection, or to what it brought."""
    said = _object(answer, otherwise={})
    error, description = said.get("error"), said.get("error_description")
    words = str(description or error or f"HTTP {answer.status}")
    if answer.status in _REFUSED:
        is_of_client = error in _JUDGED_CLIENTS or error == answer.status  # so says Reddit
        if is_of_client and not client.is_own:
            return Refused(ErrorClass.PLATFORM, "APPLICATION_REFUSED", words)
        return Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", words)
    return error_of(answer, words)


def nothing_renews() -> Refused:
    """Of an access token alone, when it has expired."""
    words = "The network has given nothing to renew this access with: connect the account again."
    return Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", words)


def _object(answer: Answer, otherwise: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    if otherwise is None:
        raise malformed("The tokens given cannot be understood.")
    return otherwise


def _life(seconds: object) -> timedelta | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return timedelta(seconds=seconds) if 0 < seconds <= _LONGEST.total_seconds() else None


def _demand_scopes(said: object, asked: Sequence[str], *, nested: bool) -> None:
    """Between scopes is a space; LinkedIn has a comma there."""
    granted = set(re.split(r"[\s,]+", said)) if isinstance(said, str) and said else set(asked)
    missing = [
        scope
        for scope in asked
        if scope not in granted and not (nested and scope.partition(":")[0] in granted)
    ]
    if missing:
        words = f"Not granted: {', '.join(missing)}"
        raise Refused(ErrorClass.PERMISSION, SCOPES_MISSING, words)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
