"""Forget a passkey: its device was sold, lost or replaced."""

from uuid import UUID

from shared.identity.application.passkeys.own_passkey import own_passkey
from shared.identity.application.ports import Begin
from shared.identity.application.second_factor.own_change import tell
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happening


def remove_passkey(begin: Begin, clock: Clock, *, actor: SignedIn, passkey_id: UUID) -> None:
    """No proof is asked for, because somebody whose device was stolen is in a hurry.

    Raises:
        NotFound, PermissionDenied: see `own_passkey`.
        Conflict: `LAST_WAY_IN`.
    """
    now = clock()
    with begin() as work:
        user, passkey = own_passkey(work, actor=actor, passkey_id=passkey_id)
        others = len(work.passkeys.of(user.id)) - 1 + len(work.external_identities.of(user.id))
        if user.password_hash is None and not others:
            raise Conflict(
                "LAST_WAY_IN", "Nobody could sign in to this account any more: set a password first"
            )
        work.passkeys.remove(passkey)
        tell(
            work,
            Happening.PASSKEY_REMOVED,
            user_id=user.id,
            now=now,
            subject_id=passkey.id,
            details={"name": passkey.name},
        )
        write_of(work, SecurityChange.PASSKEY_REMOVED, user=user, now=now)
