"""Call a passkey by another name, so that its owner knows which device it is on."""

from uuid import UUID

from shared.identity.application.passkeys.own_passkey import own_passkey
from shared.identity.application.ports import Begin
from shared.identity.application.second_factor.own_change import tell
from shared.identity.domain.name import plain_name
from shared.identity.domain.passkey import Passkey
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def rename_passkey(
    begin: Begin, clock: Clock, *, actor: SignedIn, passkey_id: UUID, name: str
) -> Passkey:
    """Names need not differ.

    Raises:
        NotFound, PermissionDenied: see `own_passkey`.
        RuleViolation: `VALIDATION_ERROR`.
    """
    name = plain_name(name)
    with begin() as work:
        user, passkey = own_passkey(work, actor=actor, passkey_id=passkey_id)
        if passkey.name != name:
            passkey.name = name
            tell(
                work,
                Happening.PASSKEY_RENAMED,
                user_id=user.id,
                now=clock(),
                subject_id=passkey.id,
                details={"name": name},
            )
        return passkey
