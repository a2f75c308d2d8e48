"""What a person's authenticator app and we both know, to count the same six digits from."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(kw_only=True, eq=False)
class TotpSecret:
    """Sealed for its row; it counts as a second factor from `confirmed_at` on.

    `last_step` is the newest time step of which a code was accepted.
    """

    id: UUID
    user_id: UUID
    key_id: str
    sealed_secret: bytes = field(repr=False)
    created_at: datetime
    confirmed_at: datetime | None = None
    last_step: int | None = None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    def accept(self, step: int) -> bool:
        """Whether a right code of this step is good; afterwards it and all before it are not.

        A code is good once (RFC 6238, section 5.2).
        """
        if self.last_step is not None and step <= self.last_step:
            return False
        self.last_step = step
        return True

    def confirm(self, now: datetime) -> None:
        self.confirmed_at = now
