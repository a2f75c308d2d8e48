"""Open a deleted account again."""

from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to, no_such_user
from shared.identity.application.accounts.those_below import forget_those_below
from shared.identity.application.ports import Begin
from shared.identity.domain.profile import Profile
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def restore_user(begin: Begin, clock: Clock, *, actor: Actor, user_id: UUID) -> Profile:
    """In the state it was in, with its organizations; the person signs in anew.

    API keys and identities of other providers do not come back.

    Raises:
        NotFound: `USER_NOT_FOUND`; there is none that was deleted.
        Conflict: `EMAIL_ALREADY_REGISTERED`; somebody else has the address by now.
    """
    with begin() as work:
        user, now = work.users.deleted_for_update(user_id), clock()
        if user is None:
            raise no_such_user()
        user.restore(now=now)
        work.users.bring_back(user)
        memberships = work.organizations.of(user.id)
        forget_those_below(work, memberships)
        work.happenings.record(
            happened_to(user, memberships, Happening.USER_RESTORED, by=actor.user_id, at=now)
        )
        return Profile.of(user, memberships)
