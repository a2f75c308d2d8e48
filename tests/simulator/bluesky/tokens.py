"""Tokens of a PDS: JWTs (RFC 7519), signed with a key that outlives it."""

import base64
import hashlib
import hmac
import json
from typing import Any

_KEY = b"known to every simulator"


def write_token(scope: str, did: str, claims: dict[str, Any]) -> str:
    parts = ({"typ": "JWT", "alg": "HS256"}, {"scope": _SCOPES[scope], "sub": did, **claims})
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{_signature(signed)}"


def read_token(token: str, scope: str) -> dict[str, Any] | None:
    """What a token of that scope claims, if it was written here."""
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(_signature(signed).encode(), signature.encode()):
        return None
    payload = signed.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(f"{payload}=="))
    return claims if claims["scope"] == _SCOPES[scope] else None


_SCOPES = {"access": "com.atproto.appPass", "refresh": "com.atproto.refresh", "service": ""}


def _signature(signed: str) -> str:
    return _encoded(hmac.digest(_KEY, signed.encode(), hashlib.sha256))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
