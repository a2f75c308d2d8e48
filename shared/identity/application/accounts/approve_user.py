"""Let a registered person in; the tokens they got at registration begin to work."""

from uuid import UUID

from shared.identity.application.ports import Begin
from shared.identity.domain.profile import Profile
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound


def approve_user(begin: Begin, clock: Clock, *, actor: Actor, user_id: UUID) -> Profile:
    """Approve somebody who waits.

    Raises:
        NotFound: `USER_NOT_FOUND`.
        RuleViolation: `USER_NOT_PENDING`.
    """
    with begin() as work:
        user = work.users.get_for_update(user_id)
        if user is None:
            raise NotFound("USER_NOT_FOUND", "There is no such user")
        user.approve(approved_by=actor.user_id, now=clock())
        return Profile.of(user, work.organizations.of(user.id))
