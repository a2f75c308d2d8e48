"""Who may register here, as a setting."""

from dataclasses import dataclass

from shared.identity.domain.registration import RegistrationMode
from shared.infrastructure.settings import Settings


@dataclass(frozen=True, kw_only=True)
class RegistrationSettings(Settings):
    mode: RegistrationMode = "approval"
