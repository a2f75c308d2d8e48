"""Secrets that are looked up and not kept: 256 random bits, of which a keyed hash stays."""

import secrets
from dataclasses import dataclass

from shared.infrastructure.tokens import tokens


@dataclass(frozen=True)
class KeyedSecrets:
    """`use` is hashed with each, so that a secret of one use is never found by another."""

    use: str

    def new(self) -> tuple[str, str]:
        secret = secrets.token_urlsafe(32)
        return secret, self.hash(secret)

    def hash(self, secret: str) -> str:
        return tokens().keyed_hash(f"{self.use}:{secret}")
