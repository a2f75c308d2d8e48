"""Who may register here, as a setting."""

from dataclasses import dataclass

from shared.identity.domain.registration import RegistrationMode
from shared.infrastructure.settings import Settings


@dataclass(frozen=True, kw_only=True)
class RegistrationSettings(Settings):
    """`verified_email`: whoever registers must verify their e-mail address before anything else.

    It holds for those who register from then on.
    """

    mode: RegistrationMode = "approval"
    verified_email: bool = False
