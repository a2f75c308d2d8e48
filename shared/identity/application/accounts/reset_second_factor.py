"""Let somebody in again who has lost what they show codes with, as root."""

from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to, locked_user
from shared.identity.application.accounts.set_password import end_what_it_opened
from shared.identity.application.ports import Begin
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound, RuleViolation
from shared.kernel.happenings import Happening


def reset_second_factor(begin: Begin, clock: Clock, *, actor: Actor, user_id: UUID) -> int:
    """Take app, recovery codes and passkeys away and end every session; answers how many.

    Passkeys go as well: what is left of them is on devices that are lost. The password stays.

    Raises:
        RuleViolation: `CANNOT_RESET_OWN_SECOND_FACTOR`.
        NotFound: `USER_NOT_FOUND`, or `SECOND_FACTOR_NOT_FOUND`; there is none of it.
    """
    if user_id == actor.user_id:
        raise RuleViolation(
            "CANNOT_RESET_OWN_SECOND_FACTOR", "Disable your own with your password or a code"
        )
    with begin() as work:
        user, now = locked_user(work, user_id), clock()
        app = work.second_factors.totp(user.id)
        passkeys = work.passkeys.of(user.id)
        if app is None and not passkeys:
            raise NotFound("SECOND_FACTOR_NOT_FOUND", "There is nothing to take away")
        work.second_factors.disable(user.id)
        work.passkeys.remove_all(user.id)
        ended = end_what_it_opened(work, user, ended_by=actor.user_id, now=now)
        work.happenings.record(
            happened_to(
                user,
                work.organizations.of(user.id),
                Happening.SECOND_FACTOR_RESET,
                by=actor.user_id,
                at=now,
                passkeys=len(passkeys),
            )
        )
        write_of(work, SecurityChange.SECOND_FACTOR_RESET, user=user, now=now)
        return ended
