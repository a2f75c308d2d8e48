"""Standard claims (OpenID Connect Core 1.0, section 5.1), as far as they make sense to us."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from shared.identity.domain.email import normalise_email
from shared.identity.domain.external_identity import ExternalClaims
from shared.kernel.errors import RuleViolation
from shared.kernel.timezones import zone

_LONGEST = 255
_LONGEST_EMAIL = 254
_LONGEST_URL = 2000
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_LONGEST_LOCALE = 35


def external_claims(claims: Mapping[str, Any]) -> ExternalClaims:
    """`claims` are proved, but for what they say: people write some of them themselves.

    Some issuers write `email_verified` as a text.
    """
    return ExternalClaims(
        issuer=claims["iss"],
        subject=claims["sub"],
        email=_email(_text(claims, "email")),
        is_email_verified=claims.get("email_verified") in (True, "true"),
        name=_printable(_text(claims, "name"))[:_LONGEST] or None,
        avatar_url=_picture(_text(claims, "picture")),
        timezone=_timezone(_text(claims, "zoneinfo")),
        locale=_locale(_text(claims, "locale").replace("_", "-")),
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    found = claims.get(name)
    return found if isinstance(found, str) else ""


def _printable(text: str) -> str:
    """What a column can hold and a page can show."""
    return "".join(each for each in text if each.isprintable()).strip()


def _email(text: str) -> str | None:
    try:
        found = normalise_email(
            validate_email(normalise_email(text), check_deliverability=False).normalized
        )
    except EmailNotValidError:
        return None
    return found if len(found) <= _LONGEST_EMAIL else None


def _picture(text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_good = parts.scheme == "https" and parts.netloc and text.isprintable()
    return text if is_good and len(text) <= _LONGEST_URL else None


def _timezone(text: str) -> str | None:
    try:
        return zone(text).key
    except RuleViolation:
        return None


def _locale(text: str) -> str | None:
    return text if len(text) <= _LONGEST_LOCALE and _LOCALE.fullmatch(text) else None
