"""The one place where signing in is finished, whatever proved the person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.identity.application.ports import (
    Device,
    IdentityUnitOfWork,
    OneTimeSecrets,
    SessionTokens,
)
from shared.identity.application.sessions.open_session import OpenedSession, open_session
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.identity.domain.proof import ProvedBy
from shared.identity.domain.second_factor import CHALLENGE_LASTS, FactorMethod
from shared.identity.domain.user import User, demand_active
from shared.kernel.happenings import Happened, Happening
from shared.kernel.ids import new_id


@dataclass(frozen=True, kw_only=True)
class SecondFactorNeeded:
    """One thing is proved; `token` is for the step that proves the other, within `expires_in` s.

    `methods` are what the person can show there.
    """

    token: str = field(repr=False)
    methods: Sequence[FactorMethod]
    expires_in: int


def admit(
    work: IdentityUnitOfWork,
    tokens: SessionTokens,
    secrets: OneTimeSecrets,
    *,
    user: User,
    device: Device,
    now: datetime,
    proved_by: ProvedBy,
    browser: bool = False,
) -> OpenedSession | SecondFactorNeeded:
    """Open a session for an active user, or ask for the second factor where one is enabled.

    The caller has locked the user's row. `browser`: the tokens go into cookies that scripts
    cannot read.

    Raises:
        PermissionDenied: see `shared.identity.domain.user.demand_active`.
    """
    demand_active(user.status)
    methods = () if proved_by.is_enough else work.second_factors.methods(user.id)
    if not methods:
        return let_in(
            work, tokens, user=user, device=device, now=now, proved_by=proved_by, browser=browser
        )
    secret, secret_hash = secrets.new()
    work.one_time_tokens.add(
        OneTimeToken(
            id=new_id(),
            purpose=TokenPurpose.SECOND_FACTOR,
            token_hash=secret_hash,
            user_id=user.id,
            created_at=now,
            expires_at=now + CHALLENGE_LASTS,
            details={"browser": browser, "proved_by": proved_by},
        )
    )
    return SecondFactorNeeded(
        token=secret, methods=methods, expires_in=int(CHALLENGE_LASTS.total_seconds())
    )


def let_in(
    work: IdentityUnitOfWork,
    tokens: SessionTokens,
    *,
    user: User,
    device: Device,
    now: datetime,
    proved_by: ProvedBy,
    browser: bool = False,
) -> OpenedSession:
    """Open a session for an active user who has proved enough.

    Raises:
        PermissionDenied: see `shared.identity.domain.user.demand_active`.
    """
    user.log_in(now=now)
    opened = open_session(
        work,
        tokens,
        user=user,
        memberships=work.organizations.of(user.id),
        device=device,
        now=now,
        browser=browser,
    )
    work.happenings.record(
        Happened(
            what=Happening.USER_LOGIN,
            organization_id=opened.profile.memberships[0].organization_id,
            subject_id=user.id,
            actor_id=user.id,
            at=now,
            details={"method": proved_by, "session_id": str(opened.session_id)},
        )
    )
    return opened
