"""A key pair whose private half stays with a person's device (WebAuthn Level 3)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

MAXIMUM_PASSKEYS = 20
"""Of one person: more would be a mistake or mischief."""


@dataclass(kw_only=True, eq=False)
class Passkey:
    """`credential_id` is the device's name for it, `sign_count` how often it says it has signed.

    `public_key` is in COSE's form (RFC 9052, section 7).
    """

    id: UUID
    user_id: UUID
    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int
    name: str
    transports: list[str]
    created_at: datetime
    last_used_at: datetime | None = None

    def accept(self, sign_count: int, now: datetime) -> bool:
        """Whether the count goes on from what we know; if it does not, the key may be a copy.

        Devices that keep their keys in a cloud do not count and say 0 always (WebAuthn Level 3,
        section 6.1.1).
        """
        if (sign_count or self.sign_count) and sign_count <= self.sign_count:
            return False
        self.sign_count = sign_count
        self.last_used_at = now
        return True
