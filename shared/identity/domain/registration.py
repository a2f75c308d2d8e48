"""Who may register, and whether they may start at once."""

from typing import Literal

from shared.identity.domain.user import UserStatus
from shared.kernel.errors import PermissionDenied

RegistrationMode = Literal["approval", "open", "invite"]


def status_at_registration(mode: RegistrationMode, *, is_first: bool) -> UserStatus:
    """The first user ever becomes root whatever the mode: somebody must let the others in.

    Raises:
        PermissionDenied: `REGISTRATION_CLOSED`.
    """
    if is_first:
        return UserStatus.ACTIVE
    match mode:
        case "open":
            return UserStatus.ACTIVE
        case "approval":
            return UserStatus.PENDING_APPROVAL
        case "invite":
            raise PermissionDenied("REGISTRATION_CLOSED", "Registration is by invitation only")
