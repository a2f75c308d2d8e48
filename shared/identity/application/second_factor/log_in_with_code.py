"""The second step of signing in: the first thing was proved, a code proves the other."""

from datetime import datetime

from shared.identity.application.ports import (
    AttemptLimits,
    Begin,
    Device,
    OneTimeSecrets,
    SessionTokens,
)
from shared.identity.application.second_factor.ports import RecoveryCodes, TotpCodes
from shared.identity.application.second_factor.shown_code import ShownCode, is_good, wrong_code
from shared.identity.application.sessions.admit import let_in
from shared.identity.application.sessions.open_session import OpenedSession
from shared.identity.domain.attempts import PROOF_BY_ACCOUNT
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.identity.domain.proof import ProvedBy
from shared.identity.domain.second_factor import note_wrong_code
from shared.identity.domain.user import User
from shared.kernel.clock import Clock
from shared.kernel.errors import Unauthenticated
from shared.kernel.happenings import Happened, Happening


def log_in_with_code(  # noqa: PLR0917 collaborators
    begin: Begin,
    tokens: SessionTokens,
    secrets: OneTimeSecrets,
    totp_codes: TotpCodes,
    recovery_codes: RecoveryCodes,
    limits: AttemptLimits,
    clock: Clock,
    *,
    challenge: str,
    shown: ShownCode,
    device: Device,
) -> OpenedSession:
    """Wrong codes are counted for the account, and a few of them end the challenge.

    Raises:
        Unauthenticated: `INVALID_CHALLENGE`, unknown, used or too old; or `INVALID_CODE`.
        PermissionDenied: see `shared.identity.domain.user.demand_active`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    challenge_hash = secrets.hash(challenge)
    with begin() as work:
        user_id = work.one_time_tokens.owner(TokenPurpose.SECOND_FACTOR, challenge_hash)
    if user_id is None:
        raise _no_challenge()
    limits.count(PROOF_BY_ACCOUNT.by(user_id))
    now = clock()
    with begin() as work:
        user = work.users.get_for_update(user_id)
        step = work.one_time_tokens.get_for_update(TokenPurpose.SECOND_FACTOR, challenge_hash)
        if user is None or step is None or not _awaits(step, user, now):
            raise _no_challenge()
        opened = None
        if is_good(work, totp_codes, recovery_codes, user=user, shown=shown, now=now):
            step.use(now)
            opened = let_in(
                work,
                tokens,
                user=user,
                device=device,
                now=now,
                proved_by=ProvedBy.SECOND_FACTOR,
                browser=bool(step.details["browser"]),
            )
        else:
            note_wrong_code(step, now)
            work.happenings.record(
                Happened(
                    what=Happening.USER_LOGIN_FAILED,
                    organization_id=work.organizations.of(user.id)[0].organization_id,
                    subject_id=user.id,
                    at=now,
                    details={"method": ProvedBy.SECOND_FACTOR},
                )
            )
    if opened is None:
        raise wrong_code()
    limits.forget(PROOF_BY_ACCOUNT.by(user_id))
    return opened


def _awaits(step: OneTimeToken, user: User, now: datetime) -> bool:
    """A password changed since then makes the first step worth nothing."""
    changed_at = user.password_changed_at
    return step.is_good(now) and (changed_at is None or changed_at <= step.created_at)


def _no_challenge() -> Unauthenticated:
    return Unauthenticated("INVALID_CHALLENGE", "Sign in again: this sign-in is over")
