"""One of a person's own passkeys, to change it."""

from uuid import UUID

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.passkey import Passkey
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user import User
from shared.kernel.errors import NotFound, PermissionDenied


def own_passkey(
    work: IdentityUnitOfWork, *, actor: SignedIn, passkey_id: UUID
) -> tuple[User, Passkey]:
    """Both locked until the unit of work ends.

    Raises:
        NotFound: `PASSKEY_NOT_FOUND`.
        PermissionDenied: `PASSKEY_ACCESS_DENIED`; somebody else's.
    """
    user = work.users.get_for_update(actor.user_id)
    passkey = work.passkeys.get_for_update(passkey_id)
    if user is None or passkey is None:
        raise NotFound("PASSKEY_NOT_FOUND", "There is no such passkey")
    if passkey.user_id != user.id:
        raise PermissionDenied("PASSKEY_ACCESS_DENIED", "This passkey is not yours")
    return user, passkey
