"""Let somebody in again who was disabled."""

from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to, locked_user
from shared.identity.application.accounts.those_below import forget_those_below
from shared.identity.application.ports import Begin
from shared.identity.domain.profile import Profile
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def enable_user(begin: Begin, clock: Clock, *, actor: Actor, user_id: UUID) -> Profile:
    """They sign in anew; what they have scheduled and is still to come leaves again.

    Raises:
        NotFound: `USER_NOT_FOUND`.
        RuleViolation: `USER_NOT_DISABLED`.
    """
    with begin() as work:
        user, now = locked_user(work, user_id), clock()
        user.enable(now=now)
        memberships = work.organizations.of(user.id)
        forget_those_below(work, memberships)
        work.happenings.record(
            happened_to(user, memberships, Happening.USER_ENABLED, by=actor.user_id, at=now)
        )
        return Profile.of(user, memberships)
