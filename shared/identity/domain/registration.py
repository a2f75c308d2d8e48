"""Who may register, and whether they may start at once."""

from typing import Literal

from shared.identity.domain.user import UserStatus
from shared.kernel.errors import PermissionDenied

RegistrationMode = Literal["approval", "open", "invite"]


def status_at_registration(
    mode: RegistrationMode,
    *,
    is_first: bool,
    is_invited: bool = False,
    awaits_verification: bool = False,
) -> UserStatus:
    """The first user ever becomes root whatever the mode: somebody must let the others in.

    An invitation proves the address it was sent to. `awaits_verification`: the address is to be
    verified before anything else.

    Raises:
        PermissionDenied: `REGISTRATION_CLOSED`.
    """
    if is_first:
        return UserStatus.ACTIVE
    if mode == "invite":
        if not is_invited:
            raise PermissionDenied("REGISTRATION_CLOSED", "Registration is by invitation only")
        return UserStatus.ACTIVE
    if awaits_verification and not is_invited:
        return UserStatus.PENDING_VERIFICATION
    return status_once_verified(mode)


def status_once_verified(mode: RegistrationMode) -> UserStatus:
    """What becomes of somebody who has proved their address and registered without invitation."""
    return UserStatus.ACTIVE if mode == "open" else UserStatus.PENDING_APPROVAL
