"""Who may register here, as a setting."""

from dataclasses import dataclass
from typing import cast

from shared.identity.domain.registration import MODES, RegistrationMode
from shared.infrastructure.settings import InvalidSetting, Settings


@dataclass(frozen=True, kw_only=True)
class RegistrationSettings(Settings):
    """`mode` is ``approval``, ``open`` or ``invite``."""

    mode: str = "approval"

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise InvalidSetting(f"REGISTRATION_MODE must be one of {', '.join(MODES)}")


def registration_mode() -> RegistrationMode:
    return cast(RegistrationMode, RegistrationSettings.read().mode)
