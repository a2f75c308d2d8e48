"""Codes on paper for the day the authenticator app is lost; each opens the door once."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

COUNT = 10
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 signs, none of which looks like another on paper: 5 bits each."""
LENGTH = 16
_GROUP = 4
_NOT_OF_A_CODE = re.compile(r"[\s-]+")


@dataclass(kw_only=True, eq=False)
class RecoveryCode:
    """`code_hash` is keyed; the code itself was shown once."""

    id: UUID
    user_id: UUID
    code_hash: str = field(repr=False)
    created_at: datetime
    used_at: datetime | None = None

    def use(self, now: datetime) -> None:
        self.used_at = now


def written(code: str) -> str:
    """In groups of four, as people copy it."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read(text: str) -> str:
    """The code somebody typed: hyphens, spaces and the case make no difference."""
    return _NOT_OF_A_CODE.sub("", text).lower()
