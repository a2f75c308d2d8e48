"""Secrets of one-time tokens: 256 random bits, kept as a keyed hash."""

import secrets
from dataclasses import dataclass

from shared.infrastructure.tokens import Tokens


@dataclass(frozen=True)
class KeyedSecrets:
    _tokens: Tokens

    def new(self) -> tuple[str, str]:
        secret = secrets.token_urlsafe(32)
        return secret, self.hash(secret)

    def hash(self, secret: str) -> str:
        return self._tokens.keyed_hash(f"one-time:{secret}")
