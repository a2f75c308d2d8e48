"""Take a way in away from an account, but never the last one."""

from shared.identity.application.ports import Begin
from shared.identity.application.second_factor.own_change import tell
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.happenings import Happening


def unlink_identity(begin: Begin, clock: Clock, *, actor: SignedIn, provider: str) -> None:
    """The person goes on to sign in with their password, a passkey or another provider.

    Raises:
        NotFound: `IDENTITY_NOT_FOUND`.
        Conflict: `LAST_WAY_IN`; set a password first.
    """
    now = clock()
    with begin() as work:
        user = work.users.get_for_update(actor.user_id)
        linked = work.external_identities.of(actor.user_id)
        identity = next((each for each in linked if each.provider == provider), None)
        if user is None or identity is None:
            raise NotFound("IDENTITY_NOT_FOUND", "The account is not linked to this provider")
        others = len(linked) - 1 + len(work.passkeys.of(user.id))
        if user.password_hash is None and not others:
            raise Conflict(
                "LAST_WAY_IN", "Nobody could sign in to this account any more: set a password first"
            )
        work.external_identities.remove(identity)
        write_of(work, SecurityChange.IDENTITY_UNLINKED, user=user, now=now)
        tell(
            work,
            Happening.OAUTH_ACCOUNT_UNLINKED,
            user_id=user.id,
            now=now,
            subject_id=identity.id,
            details={"provider": provider},
        )
