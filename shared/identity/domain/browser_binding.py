"""What ties a sign-in at an identity provider to the browser that began it.

The browser keeps a secret in a cookie, and nobody else knows it: we keep a keyed hash. Nonce and
PKCE verifier follow from it and from the state, so they are new each time, are stored nowhere, and
whoever reads the database can make neither. A callback that comes from another browser has another
secret or none, so it is refused: that is how nobody is signed in as somebody else (login CSRF;
RFC 9700, section 4.7).
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import timedelta

STATE_LASTS = timedelta(minutes=10)
"""How long somebody may be away at a provider."""
CODE_LASTS = timedelta(seconds=60)
"""How long the front end may take to change its one-time code for a session."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class BrowserSecret:
    """256 random bits, in base64url."""

    text: str = field(repr=False)

    @classmethod
    def shown(cls, cookie: str | None) -> "BrowserSecret | None":
        """What a browser has sent, if it can be one of ours."""
        return cls(cookie) if cookie and _SECRET.fullmatch(cookie) else None

    def nonce(self, state: str) -> str:
        """What the provider must repeat in the ID token (OpenID Connect Core, section 2)."""
        return self._derived("nonce", state)

    def code_verifier(self, state: str) -> str:
        """Shown when the code is redeemed (RFC 7636, section 4.1)."""
        return self._derived("code_verifier", state)

    def _derived(self, use: str, state: str) -> str:
        digest = hmac.digest(self.text.encode(), f"{use}:{state}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
