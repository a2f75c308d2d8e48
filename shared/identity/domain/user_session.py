"""One sign-in of one person on one device: the family of the refresh tokens that follow it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.kernel.errors import Unauthenticated
from shared.kernel.ids import OrganizationId


class SessionEnd(StrEnum):
    """Why a session ended."""

    LOGOUT = "logout"
    REVOKED = "revoked"
    """By its owner, from another session, or by root."""
    KICKED = "kicked"
    """By a later login, in an organization that allows one session at a time."""
    CREDENTIALS = "credentials"
    """The password was changed or reset."""
    REUSED = "reused"
    """A refresh token came back that had been used before."""


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
    end_kind: SessionEnd | None = None
    version: int = 0

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def rotate(self, *, refresh_token_hash: str, expires_at: datetime, now: datetime) -> None:
        self.refresh_token_hash = refresh_token_hash
        self.expires_at = expires_at
        self.last_seen_at = now

    def end(self, now: datetime, kind: SessionEnd) -> None:
        if self.ended_at is None:
            self.ended_at = now
            self.end_kind = kind


def kicked() -> Unauthenticated:
    """What a session answers that a later login has ended."""
    return Unauthenticated("SESSION_KICKED", "You have signed in elsewhere, which ended this")
