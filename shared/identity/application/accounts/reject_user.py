"""Do not let a registered person in."""

from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to, locked_user
from shared.identity.application.ports import Begin
from shared.identity.application.sessions.end_sessions import end_sessions
from shared.identity.domain.one_time_token import TokenPurpose
from shared.identity.domain.profile import Profile
from shared.identity.domain.user_session import SessionEnd
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def reject_user(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    user_id: UUID,
    reason: str | None = None,
    tell_them: bool = True,
) -> Profile:
    """Reject somebody who waits; `reason` is for the record, and for the mail that tells them.

    Raises:
        NotFound: `USER_NOT_FOUND`.
        RuleViolation: `USER_NOT_PENDING`.
    """
    with begin() as work:
        user, now = locked_user(work, user_id), clock()
        user.reject(rejected_by=actor.user_id, now=now)
        end_sessions(
            work, user_id=user.id, kind=SessionEnd.REVOKED, ended_by=actor.user_id, now=now
        )
        work.one_time_tokens.use_all(user.id, *TokenPurpose, now=now)
        memberships = work.organizations.of(user.id)
        work.happenings.record(
            happened_to(
                user,
                memberships,
                Happening.USER_REJECTED,
                by=actor.user_id,
                at=now,
                **({"reason": reason} if reason else {}),
            )
        )
        if tell_them:
            work.outbox.mail(
                "account_rejected",
                to=user.email,
                locale=user.locale,
                organization_id=memberships[0].organization_id,
                at=now,
                parameters={"name": user.name, "reason": reason},
            )
        return Profile.of(user, memberships)
