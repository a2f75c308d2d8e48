"""Who may register, and what they are then."""

from itertools import product
from typing import get_args

import pytest

from shared.identity.domain.registration import (
    RegistrationMode,
    status_at_registration,
    status_once_verified,
)
from shared.identity.domain.user import UserStatus
from shared.kernel.errors import PermissionDenied

MODES: tuple[RegistrationMode, ...] = get_args(RegistrationMode)


def _status(mode: RegistrationMode, *words: str) -> UserStatus:
    return status_at_registration(
        mode,
        is_first="first" in words,
        is_invited="invited" in words,
        awaits_verification="verification" in words,
    )


@pytest.mark.parametrize(("mode", "words"), list(product(MODES, ["", "invited", "verification"])))
def test_the_first_is_in_whatever_is_demanded(mode: RegistrationMode, words: str) -> None:
    assert _status(mode, "first", words) is UserStatus.ACTIVE


@pytest.mark.parametrize(
    ("mode", "words", "status"),
    [
        ("approval", [], "pending_approval"),
        ("approval", ["invited"], "pending_approval"),
        ("approval", ["verification"], "pending_verification"),
        ("approval", ["invited", "verification"], "pending_approval"),
        ("open", [], "active"),
        ("open", ["invited"], "active"),
        ("open", ["verification"], "pending_verification"),
        ("open", ["invited", "verification"], "active"),
        ("invite", ["invited"], "active"),
        ("invite", ["invited", "verification"], "active"),
    ],
)
def test_the_others_as_the_mode_says(mode: RegistrationMode, words: list[str], status: str) -> None:
    assert _status(mode, *words) == status


@pytest.mark.parametrize("words", [[], ["verification"]])
def test_by_invitation_only_means_so(words: list[str]) -> None:
    with pytest.raises(PermissionDenied) as refused:
        _status("invite", *words)
    assert refused.value.code == "REGISTRATION_CLOSED"


@pytest.mark.parametrize(
    ("mode", "status"),
    [("open", "active"), ("approval", "pending_approval"), ("invite", "pending_approval")],
)
def test_to_verify_an_address_is_no_invitation(mode: RegistrationMode, status: str) -> None:
    assert status_once_verified(mode) == status
