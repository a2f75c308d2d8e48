"""The text of API keys: random, kept as a keyed hash."""

import secrets
import string
from dataclasses import dataclass

from shared.identity.domain.api_key import NewKey
from shared.infrastructure.tokens import Tokens

_SIGNS = string.ascii_lowercase + string.digits
_KNOWN_BY = 8


@dataclass(frozen=True)
class RandomKeys:
    _tokens: Tokens

    def new(self) -> NewKey:
        prefix = "lux_" + "".join(secrets.choice(_SIGNS) for _ in range(_KNOWN_BY))
        text = f"{prefix}_{secrets.token_urlsafe(32)}"
        return NewKey(text=text, prefix=prefix, hash=self.hash(text))

    def hash(self, text: str) -> str:
        return self._tokens.keyed_hash(f"api-key:{text}")
