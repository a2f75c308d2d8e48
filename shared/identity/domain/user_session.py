"""One sign-in of one person on one device: the family of the refresh tokens that follow it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.kernel.ids import OrganizationId


@dataclass(kw_only=True, eq=False)
class UserSession:
    """`refresh_token_hash` is of the one refresh token that is still good.

    Each refresh replaces it, so any older token that turns up was used before: by a thief, by a
    second tab, or by a client that never got our answer. Nobody can tell which, so the session
    ends and its owner signs in again (RFC 9700, section 4.14.2). There is no grace for the lost
    answer: within it, a thief would be served as well.
    """

    id: UUID
    user_id: UUID
    organization_id: OrganizationId
    refresh_token_hash: str = field(repr=False)
    user_agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def rotate(self, *, refresh_token_hash: str, expires_at: datetime, now: datetime) -> None:
        self.refresh_token_hash = refresh_token_hash
        self.expires_at = expires_at
        self.last_seen_at = now

    def end(self, now: datetime) -> None:
        if self.ended_at is None:
            self.ended_at = now
