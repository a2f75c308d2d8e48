"""Note that somebody reads the mail of the address their account has."""

from datetime import datetime

from shared.identity.application.accounts.locked_user import happened_to
from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.registration import RegistrationMode, status_once_verified
from shared.identity.domain.user import User
from shared.kernel.happenings import Happening


def prove_address(
    work: IdentityUnitOfWork, *, user: User, by: str, mode: RegistrationMode, now: datetime
) -> None:
    """Whoever waited for this only is let in, or waits for approval; `by` is what proved it.

    The user's row is locked.
    """
    if user.verify_email(admitted_as=status_once_verified(mode), now=now):
        work.happenings.record(
            happened_to(
                user,
                work.organizations.of(user.id),
                Happening.EMAIL_VERIFIED,
                by=user.id,
                at=now,
                method=by,
            )
        )
