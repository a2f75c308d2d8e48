"""The states of an account."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from shared.identity.domain.user import AuthMethod, User, UserStatus, demand_active
from shared.kernel.errors import PermissionDenied, RuleViolation
from shared.kernel.ids import new_id

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ROOT = new_id()


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


PENDING, ACTIVE = UserStatus.PENDING_APPROVAL, UserStatus.ACTIVE
UNVERIFIED = UserStatus.PENDING_VERIFICATION
REJECTED, DISABLED = UserStatus.REJECTED, UserStatus.DISABLED

CHANGES: dict[str, Callable[[User], None]] = {
    "approve": lambda user: user.approve(approved_by=ROOT, now=LATER),
    "reject": lambda user: user.reject(rejected_by=ROOT, now=LATER),
    "disable": lambda user: user.disable(now=LATER),
    "enable": lambda user: user.enable(now=LATER),
}
ALLOWED = {
    ("approve", PENDING): ACTIVE,
    ("approve", REJECTED): ACTIVE,
    ("reject", PENDING): REJECTED,
    ("reject", UNVERIFIED): REJECTED,
    ("disable", ACTIVE): DISABLED,
    ("enable", DISABLED): ACTIVE,
}
REFUSALS = {
    "approve": "USER_NOT_PENDING",
    "reject": "USER_NOT_PENDING",
    "disable": "USER_NOT_ACTIVE",
    "enable": "USER_NOT_DISABLED",
}


@pytest.mark.parametrize("status", UserStatus)
@pytest.mark.parametrize("change", CHANGES)
def test_what_becomes_of_an_account(change: str, status: UserStatus) -> None:
    user = _user(status)
    becomes = ALLOWED.get((change, status))
    if becomes is None:
        with pytest.raises(RuleViolation) as refused:
            CHANGES[change](user)
        assert (refused.value.code, user.status) == (REFUSALS[change], status)
        assert user.updated_at == NOW
    else:
        CHANGES[change](user)
        assert (user.status, user.updated_at) == (becomes, LATER)


def test_who_let_them_in_or_not_is_kept() -> None:
    user = _user(PENDING)
    user.reject(rejected_by=ROOT, now=NOW)
    user.approve(approved_by=ROOT, now=LATER)
    assert (user.rejected_by, user.rejected_at) == (ROOT, NOW)
    assert (user.approved_by, user.approved_at) == (ROOT, LATER)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda user: user.disable(now=LATER), "CANNOT_DISABLE_ROOT"),
        (lambda user: user.delete(now=LATER), "CANNOT_DELETE_ROOT"),
    ],
)
def test_root_stays(change: Callable[[User], None], code: str) -> None:
    user = _user(ACTIVE)
    user.is_root = True
    with pytest.raises(RuleViolation) as refused:
        change(user)
    assert (refused.value.code, user.status, user.deleted_at) == (code, ACTIVE, None)


@pytest.mark.parametrize("status", UserStatus)
def test_a_restored_account_is_in_the_state_it_was_in(status: UserStatus) -> None:
    user = _user(status)
    user.delete(now=NOW)
    gone = user.deleted_at
    user.restore(now=LATER)
    assert (user.status, gone, user.deleted_at) == (status, NOW, None)


@pytest.mark.parametrize("status", UserStatus)
@pytest.mark.parametrize("admitted_as", [ACTIVE, PENDING])
def test_to_verify_moves_only_those_who_waited_for_it(
    status: UserStatus, admitted_as: UserStatus
) -> None:
    user = _user(status)
    assert user.verify_email(admitted_as=admitted_as, now=NOW) is True
    assert user.status == (admitted_as if status is UNVERIFIED else status)
    assert user.verify_email(admitted_as=admitted_as, now=LATER) is False
    assert user.email_verified_at == NOW


@pytest.mark.parametrize(
    ("status", "method", "may"),
    [
        (ACTIVE, AuthMethod.PASSWORD, True),
        (ACTIVE, AuthMethod.OAUTH, True),
        (ACTIVE, AuthMethod.KEY, False),
        (PENDING, AuthMethod.PASSWORD, True),
        (UNVERIFIED, AuthMethod.PASSWORD, True),
        (REJECTED, AuthMethod.PASSWORD, False),
        (DISABLED, AuthMethod.PASSWORD, False),
    ],
)
def test_who_may_come_back_by_a_mail(status: UserStatus, method: AuthMethod, may: bool) -> None:  # noqa: FBT001
    user = _user(status)
    user.auth_method = method
    assert user.may_come_back is may


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (UserStatus.PENDING_VERIFICATION, "ACCOUNT_PENDING_VERIFICATION"),
        (UserStatus.PENDING_APPROVAL, "ACCOUNT_PENDING_APPROVAL"),
        (UserStatus.REJECTED, "ACCOUNT_REJECTED"),
        (UserStatus.DISABLED, "ACCOUNT_DISABLED"),
    ],
)
def test_only_active_users_get_in(status: UserStatus, code: str) -> None:
    with pytest.raises(PermissionDenied) as refused:
        demand_active(status)
    assert refused.value.code == code
    demand_active(UserStatus.ACTIVE)


def test_a_user_does_not_show_the_hash() -> None:
    assert "argon2" not in repr(_user(UserStatus.ACTIVE))
