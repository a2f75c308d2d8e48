"""Signed tokens (JWT, RFC 7519) and keyed hashes of what must be looked up but not read."""

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import jwt

from shared.infrastructure.settings import InvalidSetting, Settings
from shared.kernel.ids import new_id

_ALGORITHM = "HS256"
_ISSUER = "luxaris"
_AUDIENCE = "luxaris-api"
_SECRET_BYTES = 32
_REMEMBERED = 1024


@dataclass(frozen=True, kw_only=True)
class TokensSettings(Settings):
    """Lifetimes are in seconds; `secret` is at least 32 bytes long (RFC 7518, section 3.2)."""

    secret: str = field(repr=False)
    access_seconds: int = 15 * 60
    refresh_seconds: int = 7 * 24 * 60 * 60

    def __post_init__(self) -> None:
        if len(self.secret.encode()) < _SECRET_BYTES:
            raise InvalidSetting("TOKENS_SECRET must be at least 32 bytes long")


class InvalidToken(Exception):
    """Malformed, forged, expired, or made for another use or audience."""


@dataclass(frozen=True, kw_only=True)
class Claims:
    """`kind` is ``access`` or ``refresh``; `token_id` is unique to this token.

    `expires_at` is in seconds since the epoch.
    """

    kind: str
    user_id: UUID
    organization_id: UUID
    session_id: UUID
    token_id: UUID
    expires_at: float


class Tokens:
    def __init__(self, settings: TokensSettings) -> None:
        self._settings = settings
        # What a signature proves it proves for good: a token is read once and not with each call.
        self._proven = lru_cache(maxsize=_REMEMBERED)(self._read)

    @property
    def access_seconds(self) -> int:
        return self._settings.access_seconds

    @property
    def refresh_seconds(self) -> int:
        return self._settings.refresh_seconds

    def issue(
        self, kind: str, *, user_id: UUID, organization_id: UUID, session_id: UUID, now: datetime
    ) -> tuple[str, UUID]:
        """Sign a token of `kind`; answers it and its own id."""
        seconds = self.access_seconds if kind == "access" else self.refresh_seconds
        token_id = new_id()
        issued_at = int(now.timestamp())
        payload = {
            "sub": str(user_id),
            "org": str(organization_id),
            "sid": str(session_id),
            "typ": kind,
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "iat": issued_at,
            "exp": issued_at + seconds,
            "jti": str(token_id),
        }
        return jwt.encode(payload, self._settings.secret, _ALGORITHM), token_id

    def verify(self, token: str, *, kind: str) -> Claims:
        """Prove a token.

        Raises:
            InvalidToken: for any reason; the reason is for logs, not for callers.
        """
        claims = self._proven(token)
        if claims.kind != kind:
            raise InvalidToken(f"not a token for {kind}")
        if claims.expires_at <= time.time():
            raise InvalidToken("expired")
        return claims

    def _read(self, token: str) -> Claims:
        try:
            payload: dict[str, Any] = jwt.decode(
                token,
                self._settings.secret,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                issuer=_ISSUER,
                options={"require": ["sub", "org", "sid", "typ", "exp", "iat", "jti"]},
            )
            return Claims(
                kind=str(payload["typ"]),
                user_id=UUID(payload["sub"]),
                organization_id=UUID(payload["org"]),
                session_id=UUID(payload["sid"]),
                token_id=UUID(payload["jti"]),
                expires_at=float(payload["exp"]),
            )
        except (jwt.InvalidTokenError, ValueError) as error:
            raise InvalidToken(str(error)) from error

    def keyed_hash(self, text: str) -> str:
        """HMAC-SHA-256 in hexadecimal: to look a secret up without keeping it."""
        return hmac.new(self._settings.secret.encode(), text.encode(), hashlib.sha256).hexdigest()


@cache
def tokens() -> Tokens:
    return Tokens(TokensSettings.read())
