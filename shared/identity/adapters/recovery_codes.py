"""Recovery codes: 80 random bits each, kept as keyed hashes."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.identity.domain.recovery_code import (
    ALPHABET,
    COUNT,
    LENGTH,
    RecoveryCode,
    read,
    written,
)
from shared.infrastructure.tokens import Tokens
from shared.kernel.ids import new_id


@dataclass(frozen=True)
class KeyedRecoveryCodes:
    _tokens: Tokens

    def new(self, user_id: UUID, *, now: datetime) -> tuple[list[str], list[RecoveryCode]]:
        codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(COUNT)]
        kept = [
            RecoveryCode(
                id=new_id(), user_id=user_id, code_hash=self.hash(user_id, code), created_at=now
            )
            for code in codes
        ]
        return [written(code) for code in codes], kept

    def hash(self, user_id: UUID, code: str) -> str:
        return self._tokens.keyed_hash(f"recovery:{user_id}:{read(code)}")
