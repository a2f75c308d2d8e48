"""Open a session for somebody who has proved who they are."""

from dataclasses import dataclass
from datetime import datetime

from shared.identity.application.ports import (
    Device,
    IdentityUnitOfWork,
    SessionTokens,
    TokenPair,
)
from shared.identity.domain.profile import MembershipView, Profile
from shared.identity.domain.user import User
from shared.identity.domain.user_session import UserSession
from shared.kernel.ids import new_id


@dataclass(frozen=True, kw_only=True)
class OpenedSession:
    """What a person gets who registered or logged in."""

    profile: Profile
    membership: MembershipView
    tokens: TokenPair


def open_session(
    work: IdentityUnitOfWork,
    tokens: SessionTokens,
    *,
    user: User,
    memberships: list[MembershipView],
    device: Device,
    now: datetime,
) -> OpenedSession:
    """Begin a session in the user's oldest organization, their own."""
    membership = memberships[0]
    session_id = new_id()
    pair = tokens.issue(
        user_id=user.id,
        organization_id=membership.organization_id,
        session_id=session_id,
        now=now,
    )
    work.sessions.add(
        UserSession(
            id=session_id,
            user_id=user.id,
            organization_id=membership.organization_id,
            refresh_token_hash=pair.refresh_token_hash,
            user_agent=device.user_agent,
            address=device.address,
            created_at=now,
            last_seen_at=now,
            expires_at=pair.refresh_expires_at,
        )
    )
    return OpenedSession(profile=Profile.of(user, memberships), membership=membership, tokens=pair)
