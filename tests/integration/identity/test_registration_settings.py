"""REGISTRATION_MODE."""

import pytest

from shared.identity.adapters.registration import RegistrationSettings
from shared.infrastructure.settings import InvalidSetting


def test_the_default_is_approval() -> None:
    assert RegistrationSettings.read({}).mode == "approval"


@pytest.mark.parametrize("mode", ["approval", "open", "invite"])
def test_known_modes(mode: str) -> None:
    assert RegistrationSettings.read({"REGISTRATION_MODE": mode}).mode == mode


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="REGISTRATION_MODE"):
        RegistrationSettings.read({"REGISTRATION_MODE": "everybody"})
