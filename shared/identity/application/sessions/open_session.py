"""Open a session for somebody who has proved who they are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.identity.application.ports import (
    Device,
    IdentityUnitOfWork,
    SessionTokens,
    TokenPair,
)
from shared.identity.application.sessions.keep_single_session import keep_single_session
from shared.identity.domain.profile import MembershipView, Profile
from shared.identity.domain.user import User
from shared.identity.domain.user_session import UserSession
from shared.kernel.ids import new_id


@dataclass(frozen=True, kw_only=True)
class OpenedSession:
    """What a person gets who registered or signed in; `browser`: the tokens as cookies."""

    session_id: UUID
    version: int
    profile: Profile
    membership: MembershipView
    tokens: TokenPair
    browser: bool


def open_session(
    work: IdentityUnitOfWork,
    tokens: SessionTokens,
    *,
    user: User,
    memberships: list[MembershipView],
    device: Device,
    now: datetime,
    browser: bool = False,
) -> OpenedSession:
    """Begin a session in the user's oldest organization, their own.

    The caller has locked the user's row, or just made it: sessions are numbered one after the other
    and end the older ones where the organization wants one at a time.
    """
    membership = memberships[0]
    session_id = new_id()
    pair = tokens.issue(
        user_id=user.id,
        organization_id=membership.organization_id,
        session_id=session_id,
        now=now,
    )
    session = UserSession(
        id=session_id,
        user_id=user.id,
        organization_id=membership.organization_id,
        refresh_token_hash=pair.refresh_token_hash,
        user_agent=device.user_agent,
        address=device.address,
        created_at=now,
        last_seen_at=now,
        expires_at=pair.refresh_expires_at,
        version=work.sessions.latest_version(user.id) + 1,
    )
    keep_single_session(work, session=session, now=now)
    work.sessions.add(session)
    return OpenedSession(
        session_id=session.id,
        version=session.version,
        profile=Profile.of(user, memberships),
        membership=membership,
        tokens=pair,
        browser=browser,
    )
