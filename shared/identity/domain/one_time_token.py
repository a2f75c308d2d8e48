"""A secret that opens one door once: what a link in a mail or a step of signing in carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class TokenPurpose(StrEnum):
    EMAIL_VERIFICATION = "email_verification"
    PASSWORD_RESET = "password_reset"  # noqa: S105 a word
    SECOND_FACTOR = "second_factor"
    """The password was right; the second factor is awaited."""
    EXTERNAL_STATE = "external_state"
    """Somebody was sent to an identity provider and may come back."""
    EXTERNAL_CODE = "external_code"
    """Somebody came back from there and may change this for a session."""
    PASSKEY_REGISTRATION = "passkey_register"
    PASSKEY_LOGIN = "passkey_login"


@dataclass(kw_only=True, eq=False)
class OneTimeToken:
    """`token_hash` is keyed; the token itself is known to whoever was given it.

    `details` is what the door needs to know when it opens, never a secret by itself.
    """

    id: UUID
    purpose: TokenPurpose
    token_hash: str = field(repr=False)
    user_id: UUID | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def is_good(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at

    def use(self, now: datetime) -> None:
        self.used_at = now
