"""Who may register, and whether they may start at once."""

from typing import Literal, get_args

from shared.identity.domain.user import Status
from shared.kernel.errors import PermissionDenied

RegistrationMode = Literal["approval", "open", "invite"]
MODES: tuple[RegistrationMode, ...] = get_args(RegistrationMode)


def status_at_registration(mode: RegistrationMode, *, is_first: bool) -> Status:
    """The first user ever becomes root whatever the mode: somebody must let the others in.

    Raises:
        PermissionDenied: `REGISTRATION_CLOSED`.
    """
    if is_first:
        return "active"
    match mode:
        case "open":
            return "active"
        case "approval":
            return "pending_approval"
        case "invite":
            raise PermissionDenied("REGISTRATION_CLOSED", "Registration is by invitation only")
