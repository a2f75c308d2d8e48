"""Secrets that are looked up and not kept: 256 random bits, of which a keyed hash stays."""

import secrets

from shared.infrastructure.tokens import tokens


class KeyedSecrets:
    def new(self) -> tuple[str, str]:
        secret = secrets.token_urlsafe(32)
        return secret, self.hash(secret)

    def hash(self, secret: str) -> str:
        return tokens().keyed_hash(f"connecting:{secret}")
