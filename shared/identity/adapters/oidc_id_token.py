"""An ID token and whether it is good (OpenID Connect Core 1.0, section 3.1.3.7)."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from shared.kernel.errors import FaultyService

logger = logging.getLogger(__name__)

_LEEWAY = 60
"""Seconds by which an issuer's clock and ours may differ."""
_LONGEST_SUBJECT = 255  # section 2
_ASYMMETRIC = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
)
"""The only algorithms there are for us, whatever a token or an issuer says: none, or a shared
secret that a public key is mistaken for, would let anybody sign (RFC 8725, section 3.1)."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the token must say; `access_token` came with it."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    access_token: str | None = field(repr=False)


def read_id_token(
    text: object,
    *,
    keys: KeySet,
    newer_keys: Callable[[], KeySet],
    algorithms: Collection[str],
    expected: Expected,
    now: datetime,
) -> dict[str, Any]:
    """The claims of a good token.

    Raises:
        FaultyService: `INVALID_ID_TOKEN`, whatever is wrong with it; the cause says what.
    """
    if not isinstance(text, str):
        raise invalid()
    allowed = [each for each in _ASYMMETRIC if each in algorithms]
    if not allowed:
        raise invalid()
    registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
    try:
        try:
            token = jwt.decode(text, keys, registry=registry)
        except InvalidKeyIdError:
            token = jwt.decode(text, newer_keys(), registry=registry)
        claims = CodeIDToken(token.claims, token.header, _options(expected), _parameters(expected))
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        reason = str(error) if isinstance(error, JoseError) else type(error).__name__
        logger.warning("id_token_refused", extra={"issuer": expected.issuer, "reason": reason})
        raise invalid() from error
    if len(claims["sub"]) > _LONGEST_SUBJECT:
        raise invalid()
    return dict(claims)


def _options(expected: Expected) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True},
    }


def _parameters(expected: Expected) -> dict[str, Any]:
    return {
        "client_id": expected.client_id,
        "nonce": expected.nonce,
        "access_token": expected.access_token,
    }


def invalid() -> FaultyService:
    return FaultyService("INVALID_ID_TOKEN", "The identity provider's proof is not good")
