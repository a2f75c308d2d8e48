"""What no record may hold is taken out by its name, by its type, and by what it looks like."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any
from uuid import UUID

REDACTED = "[REDACTED]"

_LONGEST = 4_000
"""Characters of a text in a record."""
_DEEPEST = 6
_MOST = 100
"""Items of a list or an object in a record."""

_SECRET_NAME = re.compile(
    r"passw|passphrase|secret|token|api_?key|authori[sz]ation|cookie|credential|private_?key"
    r"|recovery_?code|client_?assertion|verifier|session_?key|\botp\b|\bjwt\b|_jwt|signature",
    re.IGNORECASE,
)
_NO_SECRETS = {"fencing_token", "token_type", "input_tokens", "output_tokens", "max_tokens"}
_OF_A_QUERY = {"code", "state", "nonce", "key", "sig", "assertion", "email", "login_hint"}
"""Names that are secrets, or a person's, where they stand in an address."""

_LOOKS_SECRET = re.compile(
    r"""
      \beyJ[\w-]{8,2000}\.[\w-]{4,}\.[\w-]*            # a signed token
    | \blux_[\w-]{16,}                                  # an API key
    | \$argon2\w*\$[^\s"']+                             # a password's hash
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)
    | (?<=://)[^\s/@:]*:[^\s/@]+(?=@)                   # who signs in by an address
    | (?i:\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}
    """,
    re.VERBOSE | re.DOTALL,
)
_SAID = re.compile(
    r"""(?ix)
    ((?:passw(?:or)?d|secret|token|api_?key|authorization|cookie)[\w-]{0,40}["']?\s{0,5}[:=]\s{0,5})
    (?: "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | [^\s,;&)}\]"']+ )
    """
)

_SIGNS = re.compile(
    r"eyj|lux_|\$argon2|-----begin|bearer|basic|passw|secret|token|api|authorization|cookie"
)
"""One of them is in all that the patterns above take for a secret, but for addresses."""


def redacted_text(text: str, *, longest: int = _LONGEST) -> str:
    """Without what looks like a secret, or is called one; cut where it is too long."""
    plain = text[: 2 * longest]
    if _is_doubtful(plain):
        plain = _SAID.sub(rf"\1{REDACTED}", _LOOKS_SECRET.sub(REDACTED, plain))
    return plain.replace("\0", "").encode(errors="replace").decode()[:longest]


def _is_doubtful(text: str) -> bool:
    """Whether the patterns are worth their time, of which they take ten times as much.

    Who signs in by an address has a colon more than its scheme; letters beyond ASCII may pass for
    others.
    """
    if not text.isascii() or text.count(":") > 1:
        return True
    return _SIGNS.search(text.lower()) is not None


def redacted(value: Any, *, depth: int = 0) -> Any:
    """JSON of it, without secrets; of what has a type of its own only the type's name is told."""
    match value:
        case str():
            return redacted_text(value)
        case int() | None:
            return value
        case Mapping() | list() | tuple() | set() | frozenset() if depth >= _DEEPEST:
            return "[…]"
        case Mapping():
            return redacted_fields(value, depth=depth)
        case list() | tuple() | set() | frozenset():
            return [redacted(each, depth=depth + 1) for each in list(value)[:_MOST]]
    return _plain(value)


def _plain(value: Any) -> Any:
    match value:
        case float():
            return value if isfinite(value) else str(value)
        case datetime() | date() | time() | timedelta():
            return _moment(value)
        case UUID() | Decimal():
            return str(value)
    return f"<{type(value).__name__}>"


def _moment(value: date | time | timedelta) -> str | float:
    """As our answers write them; how long something takes, in seconds."""
    match value:
        case timedelta():
            return value.total_seconds()
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat()


def redacted_fields(fields: Mapping[Any, Any], *, depth: int = 0) -> dict[str, Any]:
    """The same of each field, and nothing of one that has a secret's name."""
    return {
        _shown_name(str(name)): (
            REDACTED if is_secret(str(name), each) else redacted(each, depth=depth + 1)
        )
        for name, each in list(fields.items())[:_MOST]
    }


def redacted_query(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Parameters of an address, which others than their owner get to see."""
    return redacted_fields(
        {
            name: REDACTED if name.lower() in _OF_A_QUERY else each
            for name, each in parameters.items()
        }
    )


def is_secret(name: str, value: object) -> bool:
    """Whether what has this name is one; that there is one, and when it ends, is none."""
    return _is_a_secrets(name) and not isinstance(value, bool | None | datetime | timedelta)


@lru_cache(maxsize=1024)
def _is_a_secrets(name: str) -> bool:
    return name not in _NO_SECRETS and _SECRET_NAME.search(name) is not None


@lru_cache(maxsize=1024)
def _shown_name(name: str) -> str:
    return redacted_text(name, longest=100)
