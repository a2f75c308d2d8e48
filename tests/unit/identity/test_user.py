"""The states of an account."""

from datetime import UTC, datetime

import pytest

from shared.identity.domain.registration import RegistrationMode, status_at_registration
from shared.identity.domain.user import User, UserStatus, demand_active
from shared.kernel.errors import PermissionDenied, RuleViolation
from shared.kernel.ids import new_id

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def _user(status: UserStatus) -> User:
    return User.register(
        email="ada@example.com",
        password_hash="$argon2id$secret",
        name="Ada",
        timezone="UTC",
        locale="en",
        is_root=False,
        status=status,
        now=NOW,
    )


def test_approval_makes_a_pending_user_active() -> None:
    user, root = _user(UserStatus.PENDING_APPROVAL), new_id()
    user.approve(approved_by=root, now=NOW)
    assert (user.status, user.approved_by, user.approved_at) == (UserStatus.ACTIVE, root, NOW)


@pytest.mark.parametrize("status", [UserStatus.ACTIVE, UserStatus.DISABLED])
def test_only_a_pending_user_can_be_approved(status: UserStatus) -> None:
    with pytest.raises(RuleViolation) as refused:
        _user(status).approve(approved_by=new_id(), now=NOW)
    assert refused.value.code == "USER_NOT_PENDING"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (UserStatus.PENDING_APPROVAL, "ACCOUNT_PENDING_APPROVAL"),
        (UserStatus.DISABLED, "ACCOUNT_DISABLED"),
    ],
)
def test_only_active_users_get_in(status: UserStatus, code: str) -> None:
    with pytest.raises(PermissionDenied) as refused:
        demand_active(status)
    assert refused.value.code == code
    demand_active(UserStatus.ACTIVE)


@pytest.mark.parametrize(
    ("mode", "is_first", "status"),
    [
        ("approval", True, UserStatus.ACTIVE),
        ("open", True, UserStatus.ACTIVE),
        ("invite", True, UserStatus.ACTIVE),
        ("approval", False, UserStatus.PENDING_APPROVAL),
        ("open", False, UserStatus.ACTIVE),
    ],
)
def test_status_at_registration(mode: RegistrationMode, is_first: bool, status: str) -> None:  # noqa: FBT001
    assert status_at_registration(mode, is_first=is_first) == status


def test_registration_by_invitation_is_closed() -> None:
    with pytest.raises(PermissionDenied) as refused:
        status_at_registration("invite", is_first=False)
    assert refused.value.code == "REGISTRATION_CLOSED"


def test_a_user_does_not_show_the_hash() -> None:
    assert "argon2" not in repr(_user(UserStatus.ACTIVE))
