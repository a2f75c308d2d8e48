"""Change one's password, knowing the one there is."""

from dataclasses import dataclass
from datetime import datetime

from shared.identity.application.accounts.set_password import set_password
from shared.identity.application.ports import AttemptLimits, Begin, Passwords
from shared.identity.application.second_factor.own_password import demand_password, wrong_password
from shared.identity.domain.password import strength_violation
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation, RuleViolations

_FIELD = "current_password"


@dataclass(frozen=True, kw_only=True)
class ChangedPassword:
    sessions_revoked: int
    password_changed_at: datetime


def change_password(
    begin: Begin,
    passwords: Passwords,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    current_password: str,
    new_password: str,
    revoke_all_sessions: bool,
) -> ChangedPassword:
    """Other sessions end; this one goes on unless all are to end.

    Raises:
        RuleViolations: `WEAK_PASSWORD`, `PASSWORD_RECENTLY_USED`; it is the one there is.
        Unauthenticated: `INVALID_CURRENT_PASSWORD`; also of a person who has none, and gets their
            first one by a mail, as if it were forgotten.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    violations = []
    if weak := strength_violation(new_password, email=actor.profile.email, field="new_password"):
        violations.append(weak)
    if new_password == current_password:
        violations.append(
            RuleViolation(
                "PASSWORD_RECENTLY_USED", "This is the old password", field="new_password"
            )
        )
    if violations:
        raise RuleViolations(violations)
    proved = demand_password(
        begin, passwords, limits, actor=actor, password=current_password, field=_FIELD
    )
    password_hash = passwords.hash(new_password)
    with begin() as work:
        user, now = work.users.get_for_update(actor.user_id), clock()
        if user is None or user.password_hash != proved:
            raise wrong_password(_FIELD)
        ended = set_password(
            work,
            user=user,
            password_hash=password_hash,
            by="change",
            now=now,
            but=None if revoke_all_sessions else actor.session_id,
        )
    return ChangedPassword(sessions_revoked=ended, password_changed_at=now)
