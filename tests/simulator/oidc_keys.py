"""Keys of an imitated issuer, and tokens signed by them as they should be, or not."""

import base64
import hashlib
import hmac
import json
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey


@cache
def rsa_key(name: str) -> RSAKey:
    """Made once a process, for it takes a while."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": name})


def public(key: RSAKey) -> dict[str, Any]:
    return dict(key.as_dict(private=False))


def signed(claims: dict[str, Any], key: RSAKey) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def unsigned(claims: dict[str, Any], _: RSAKey) -> str:
    """With the algorithm ``none``, in the hope that nobody looks."""
    return f"{_segment({'alg': 'none', 'typ': 'JWT'})}.{_segment(claims)}."


def signed_by_public_key(claims: dict[str, Any], key: RSAKey) -> str:
    """With HS256, the issuer's public key for a secret that both sides know."""
    start = f"{_segment({'alg': 'HS256', 'typ': 'JWT', 'kid': key.kid})}.{_segment(claims)}"
    digest = hmac.new(key.as_pem(private=False), start.encode(), hashlib.sha256).digest()
    return f"{start}.{_base64(digest)}"


def signed_by_stranger(claims: dict[str, Any], key: RSAKey) -> str:
    """With another key, under the name of the right one."""
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, rsa_key("stranger"))


def half_hash(text: str) -> str:
    """`at_hash` of an access token (OpenID Connect Core, section 3.1.3.6)."""
    return _base64(hashlib.sha256(text.encode()).digest()[:16])


def _segment(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
